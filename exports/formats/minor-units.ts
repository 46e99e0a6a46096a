/**
 * Amounts for people, in whole minor units of their currency: exact decimal texts go in and out, and no
 * floating point number is in between.
 */

/** More places than any amount of an export has. */
const PLACES = 24;

/** Rounded half away from zero: `1234.565` with 2 decimals is `1234.57`. */
export function rounded(amount: string, decimals: number): string {
  return textOf(nearest(scaled(amount), unitOf(decimals)), decimals);
}

/** The exact sum of exact amounts. */
export function sumOf(amounts: readonly string[]): string {
  const sum = amounts.reduce((total, amount) => total + scaled(amount), 0n);
  return textOf(sum, PLACES).replace(/\.?0+$/, '');
}

/**
 * The amounts in minor units that add up to `total` (their rounded sum by default): each is cut down, and
 * what is missing goes, unit by unit, to those that lost most; of equals to the first.
 */
export function sharedOut(
  amounts: readonly string[],
  decimals: number,
  total: string = rounded(sumOf(amounts), decimals),
): string[] {
  const unit = unitOf(decimals);
  const parts = amounts.map((amount, index) => {
    const exact = scaled(amount);
    const units = floorOf(exact, unit);
    return { index, units, lost: exact - units * unit };
  });
  const given = parts.reduce((sum, { units }) => sum + units, 0n);
  const missing = Number(scaled(total) / unit - given);
  const isRaised = new Set(
    parts
      .toSorted((a, b) => (a.lost === b.lost ? a.index - b.index : a.lost > b.lost ? -1 : 1))
      .slice(0, missing)
      .map(({ index }) => index),
  );
  return parts.map(({ index, units }) => textOf(units + (isRaised.has(index) ? 1n : 0n), decimals));
}

/** `-26148.4` becomes `-26,148.4`. */
export function grouped(amount: string): string {
  const [whole = '', part] = amount.split('.');
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? digits : `${digits}.${part}`;
}

export function isNegative(amount: string): boolean {
  return scaled(amount) < 0n;
}

function unitOf(decimals: number): bigint {
  return 10n ** BigInt(PLACES - decimals);
}

function scaled(amount: string): bigint {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === '' || part.length > PLACES) throw new Error(`${amount} is no amount`);
  const size = BigInt(`${whole}${part.padEnd(PLACES, '0')}`);
  return sign === '-' ? -size : size;
}

function floorOf(value: bigint, unit: bigint): bigint {
  const cut = value / unit;
  return value < 0n && cut * unit !== value ? cut - 1n : cut;
}

function nearest(value: bigint, unit: bigint): bigint {
  const half = unit / 2n;
  return (value < 0n ? value - half : value + half) / unit;
}

/** `units` of 10^-decimals as a decimal text. */
function textOf(units: bigint, decimals: number): string {
  const size = units < 0n ? -units : units;
  const digits = size.toString().padStart(decimals + 1, '0');
  const at = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
  return units < 0n ? `-${text}` : text;
}
