/** HTML out of template literals: what is put in is escaped, unless it is HTML itself. */

import { shownDirections } from '../../foundation/direction-marks.ts';

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | readonly Html[];

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const text = parts.map((part, index) => `${part}${valueText(values[index] ?? '')}`).join('');
  return new Html(text);
}

function valueText(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map((part) => part.text).join('');
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters are shown as a replacement character: HTML has no way to write them. */
function escapeHtml(text: string): string {
  return shownDirections(text)
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\p{Cc}]/gu, (character) => (/\s/.test(character) ? ' ' : '\ufffd'));
}
