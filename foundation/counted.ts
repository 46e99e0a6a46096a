/** A count with its noun: `1 resource`, `3 resources`. For nouns that take an s. */
export function counted(count: number | bigint, noun: string): string {
  return `${count} ${noun}${Number(count) === 1 ? '' : 's'}`;
}
