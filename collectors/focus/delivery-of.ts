/**
 * Which files are one delivery. Exports name the billing month somewhere in the path, as a folder
 * (`BILLING_PERIOD=2026-09/`, `20260901-20260930/`) or in the file's name (`focus-2026-09-part-2.csv`): all
 * files whose paths are the same up to the end of that month belong together. A path without a month is a
 * delivery by itself.
 */

const MONTH = '(?:19|20)\\d\\d-?(?:0[1-9]|1[0-2])';
const DAY = '-?(?:0[1-9]|[12]\\d|3[01])';
/** A month, its first day or a range of days, not in the middle of a longer number. */
const PERIOD = new RegExp(
  `(?<![0-9A-Za-z])${MONTH}(?:${DAY}(?:[-_]${MONTH}${DAY})?)?(?![0-9A-Za-z])`,
);

export function deliveryOf(path: string): string {
  const match = PERIOD.exec(path);
  return match === null ? path : path.slice(0, match.index + match[0].length);
}
