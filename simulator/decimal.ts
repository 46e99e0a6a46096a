/**
 * The simulator's own exact arithmetic: amounts are bigint counts of 10^-9 ("nano"), so that its
 * invoices owe nothing to the product's SQL.
 */
export type Nano = bigint;

const NANO_PER_UNIT = 1_000_000_000n;

/** Reads a plain decimal such as "-12.345" with at most nine fractional digits. Throws otherwise. */
export function nano(text: string): Nano {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) throw new SyntaxError(`not a decimal with at most 9 places: ${text}`);
  const whole = BigInt(match[2] ?? '0') * NANO_PER_UNIT;
  const magnitude = whole + BigInt((match[3] ?? '').padEnd(9, '0'));
  return match[1] === '-' ? -magnitude : magnitude;
}

/** Writes an amount with exactly `places` fractional digits. Throws when digits would be lost. */
export function formatNano(amount: Nano, places: number): string {
  const sign = amount < 0n ? '-' : '';
  const magnitude = amount < 0n ? -amount : amount;
  const dropped = 10n ** BigInt(9 - places);
  if (magnitude % dropped !== 0n) {
    throw new RangeError(`${amount} nano does not fit ${places} decimal places`);
  }
  const digits = (magnitude / dropped).toString().padStart(places + 1, '0');
  if (places === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** numerator / denominator, rounded half away from zero. Both may be negative; denominator not 0. */
export function divideRoundHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError('division by zero');
  const isNegative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * n + d) / (2n * d);
  return isNegative ? -rounded : rounded;
}
