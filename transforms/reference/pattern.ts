/**
 * Patterns of the allocation file as regular expressions: `*` stands for any text and is the one
 * group; everything else is itself. `nlp-*` becomes `^nlp-(.*)$`, `web-1` becomes `^(web-1)$`.
 */
export function patternOf(glob: string | undefined): string | null {
  if (glob === undefined) return null;
  const [first = '', ...rest] = glob.split('*').map(escapeRegex);
  return rest.length === 0 ? `^(${first})$` : `^${first}(.*)${rest.join('.*')}$`;
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
