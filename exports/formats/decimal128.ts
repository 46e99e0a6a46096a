/** PostgreSQL's binary numeric as the 128-bit integer that Arrow keeps a decimal in: always exact. */

const GROUP = 10_000;
const DIGITS_PER_GROUP = 4;
const NEGATIVE = 0x4000;
const POSITIVE = 0x0000;
const WORD = 2 ** 32;
const WORDS = 4;
/** Bytes before the digit groups: their count, weight, sign and display scale. */
const HEADER_BYTES = 8;

/** 10 to the powers that can come up; each is an integer that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * Writes the numeric at `offset` of `bytes`, times 10^scale, as a little-endian two's complement
 * integer into the four words at `index`. Throws RangeError for what is no finite number or has more
 * than `scale` decimal places.
 */
export function writeDecimal128(
  bytes: Buffer,
  offset: number,
  scale: number,
  words: Uint32Array,
  index: number,
): void {
  const groups = bytes.readUInt16BE(offset);
  const sign = bytes.readUInt16BE(offset + 4);
  if (sign !== POSITIVE && sign !== NEGATIVE) throw new RangeError('not a finite number');
  const units = groups === 0 ? 0 : smallUnits(bytes, offset, groups, scale);
  if (units === null) {
    const large = largeUnits(bytes, offset, groups, scale);
    writeLarge(sign === NEGATIVE ? -large : large, words, index);
    return;
  }
  writeSmall(units, sign === NEGATIVE, words, index);
}

/**
 * The magnitude in units of 10^-scale while that is an integer which a double holds exactly; null
 * when it is larger. Every step is a product or sum of integers, so that the check at the end is enough.
 */
function smallUnits(bytes: Buffer, offset: number, groups: number, scale: number): number | null {
  const last = groups - 1;
  const exponent = lastExponent(bytes, offset, groups) + scale;
  if (exponent <= -DIGITS_PER_GROUP || exponent > 18) return null;
  let units = 0;
  for (let group = 0; group < last; group += 1) {
    units = units * GROUP + groupAt(bytes, offset, group);
  }
  const digits = groupAt(bytes, offset, last);
  if (exponent >= 0) units = (units * GROUP + digits) * power(exponent);
  else {
    const surplus = power(-exponent);
    if (digits % surplus !== 0) throw tooManyPlaces(scale);
    units = units * power(DIGITS_PER_GROUP + exponent) + digits / surplus;
  }
  return units <= Number.MAX_SAFE_INTEGER ? units : null;
}

function largeUnits(bytes: Buffer, offset: number, groups: number, scale: number): bigint {
  let value = 0n;
  for (let group = 0; group < groups; group += 1) {
    value = value * BigInt(GROUP) + BigInt(groupAt(bytes, offset, group));
  }
  const exponent = lastExponent(bytes, offset, groups) + scale;
  if (exponent >= 0) return value * 10n ** BigInt(exponent);
  const surplus = 10n ** BigInt(-exponent);
  if (value % surplus !== 0n) throw tooManyPlaces(scale);
  return value / surplus;
}

/** The power of ten that one unit of the last digit group stands for. */
function lastExponent(bytes: Buffer, offset: number, groups: number): number {
  return (bytes.readInt16BE(offset + 2) - (groups - 1)) * DIGITS_PER_GROUP;
}

function groupAt(bytes: Buffer, offset: number, group: number): number {
  return bytes.readUInt16BE(offset + HEADER_BYTES + group * 2);
}

function power(exponent: number): number {
  const value = POWERS[exponent];
  if (value === undefined) throw new RangeError(`10^${exponent} is not exact`);
  return value;
}

function tooManyPlaces(scale: number): RangeError {
  return new RangeError(`a number has more than ${scale} decimal places`);
}

function writeSmall(units: number, isNegative: boolean, words: Uint32Array, index: number): void {
  const low = units % WORD;
  const high = (units - low) / WORD;
  if (!isNegative || units === 0) {
    words[index] = low;
    words[index + 1] = high;
    words[index + 2] = 0;
    words[index + 3] = 0;
    return;
  }
  // Two's complement: all bits turned round, plus one, which carries only over a zero low word.
  words[index] = -low;
  words[index + 1] = low === 0 ? -high : ~high;
  words[index + 2] = WORD - 1;
  words[index + 3] = WORD - 1;
}

function writeLarge(value: bigint, words: Uint32Array, index: number): void {
  if (BigInt.asIntN(128, value) !== value) throw new RangeError('a number exceeds 128 bits');
  const bits = BigInt.asUintN(128, value);
  for (let word = 0; word < WORDS; word += 1) {
    words[index + word] = Number((bits >> BigInt(32 * word)) & 0xffffffffn);
  }
}
