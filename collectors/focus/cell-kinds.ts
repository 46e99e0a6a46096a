/**
 * What a cell of each kind may hold. Amounts and instants stay the texts that they are: SQL casts them, and
 * what passes here is what PostgreSQL can cast and the ledger can hold.
 */
import type { ColumnKind } from './columns.ts';

/** Why a cell cannot be read, or null. `tolerated` names what is read although it breaks the standard. */
export interface CellVerdict {
  readonly reason: string | null;
  readonly tolerated: string | null;
}

const FINE: CellVerdict = { reason: null, tolerated: null };
const EXPONENT: CellVerdict = { reason: null, tolerated: 'numbers with an exponent' };
const ZONELESS: CellVerdict = { reason: null, tolerated: 'instants without a zone, read as UTC' };
const OTHER_CASE: CellVerdict = { reason: null, tolerated: 'allowed values in another case' };

const NUMBER = /^\s*[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/;
/** Digits before the decimal point that the ledger's money and its quantities hold. */
const AMOUNT_DIGITS_MAX = 11;
const NUMBER_DIGITS_MAX = 15;
/** A number with more digits behind the point is no figure of a bill. */
const FRACTION_DIGITS_MAX = 100;
const INSTANT =
  /^([12]\d{3})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s?(Z|UTC|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$/;
/** What PostgreSQL cannot hold as text. */
export const UNHOLDABLE = /\0|\p{Surrogate}/u;
const CURRENCY = /^[A-Za-z][A-Za-z0-9]{2,11}$/;
const CATEGORIES = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'];

const JUDGES: Readonly<Record<ColumnKind, (value: string) => CellVerdict>> = {
  amount: (value) => judgeNumber(value, AMOUNT_DIGITS_MAX),
  number: (value) => judgeNumber(value, NUMBER_DIGITS_MAX),
  instant: judgeInstant,
  json: judgeTags,
  text: () => FINE,
  currency: (value) => {
    if (!CURRENCY.test(value)) return refused('is no currency code');
    return value === value.toUpperCase() ? FINE : OTHER_CASE;
  },
  category: (value) => {
    if (CATEGORIES.includes(value)) return FINE;
    const known = CATEGORIES.some((category) => category.toLowerCase() === value.toLowerCase());
    return known ? OTHER_CASE : refused('is no charge category');
  },
};

export function judgeCell(kind: ColumnKind, value: string): CellVerdict {
  return JUDGES[kind](value);
}

function judgeNumber(value: string, digitsMax: number): CellVerdict {
  const match = NUMBER.exec(value);
  const [whole = '', fraction = '', exponent] = match?.slice(1) ?? [];
  if (match === null || whole + fraction === '') return refused('is no number');
  // Counts of digits and the exponent are no amounts.
  const shift = exponent === undefined ? 0 : Number.parseInt(exponent, 10);
  const digits = `${whole}${fraction}`.replace(/^0+/, '').length - fraction.length + shift;
  if (digits > digitsMax) return refused(`is 10^${digitsMax} or more`);
  if (fraction.length - shift > FRACTION_DIGITS_MAX) {
    return refused(`has more than ${FRACTION_DIGITS_MAX} digits behind the point`);
  }
  return exponent === undefined ? FINE : EXPONENT;
}

function judgeInstant(value: string): CellVerdict {
  if (instantMs(value) === null) return refused('is no instant (expected 2026-09-01T00:00:00Z)');
  return INSTANT.exec(value)?.[7] === undefined ? ZONELESS : FINE;
}

/** Milliseconds of the epoch, or null; without a zone the text is read as UTC. */
export function instantMs(value: string): number | null {
  const match = INSTANT.exec(value);
  if (match === null) return null;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', zone] =
    match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const localMs = Date.parse(local);
  // A date that no calendar has becomes another one, or none.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString() !== local) return null;
  return localMs - zoneMs(zone ?? 'Z');
}

function zoneMs(zone: string): number {
  if (zone === 'Z' || zone === 'UTC') return 0;
  const hours = Number.parseInt(zone.slice(1, 3), 10);
  const minutes = Number.parseInt(zone.slice(3).replace(':', '') || '0', 10);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Tags are one flat JSON object; of anything else nobody knows whose the cost is. */
function judgeTags(value: string): CellVerdict {
  let tags: unknown;
  try {
    tags = JSON.parse(value);
  } catch {
    return refused('is no JSON object');
  }
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) {
    return refused('is no JSON object');
  }
  return Object.entries(tags).every(isTag) ? FINE : refused('is no flat JSON object');
}

function isTag([key, value]: readonly [string, unknown]): boolean {
  if (UNHOLDABLE.test(key)) return false;
  if (typeof value === 'string') return !UNHOLDABLE.test(value);
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value !== 'object' || value === null;
}

function refused(reason: string): CellVerdict {
  return { reason, tolerated: null };
}
