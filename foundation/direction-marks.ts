/**
 * Marks that turn the direction in which the text around them is shown: an amount or a file name beside a
 * foreign name could be read backwards. Where people read, a mark is shown as its code.
 */

/** For a character class of a regular expression with the flag `u`. */
export const DIRECTION_MARKS = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';

const MARK = new RegExp(`[${DIRECTION_MARKS}]`, 'gu');

export function shownDirections(text: string): string {
  return text.replace(MARK, codeText);
}

/** `\u202e` */
export function codeText(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
