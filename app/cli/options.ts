/** Options that several commands share, and how their texts are read. */
import { InvalidArgumentError, Option } from 'commander';
import { hasFormOfInstant, instantMs } from '../../foundation/days.ts';
import { monthRange } from '../../foundation/months.ts';
import type { Context } from '../context.ts';

/** Makes what a command is given, from the global options. */
export type ContextOf = (defaultLevel?: string) => Context;

export function collectTexts(value: string, former: string[]): string[] {
  return [...former, value];
}

export function parsePositive(text: string): number {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) {
    throw new InvalidArgumentError('expected a number above 0');
  }
  return value;
}

export function parseWhole(text: string): number {
  const value = Number(text);
  if (!(Number.isSafeInteger(value) && value > 0)) {
    throw new InvalidArgumentError('expected a whole number above 0');
  }
  return value;
}

/** Milliseconds since the Unix epoch of an ISO 8601 instant with a zone, or of a UTC day. */
export function parseInstant(text: string): number {
  const value = instantMs(text);
  if (value !== null) return value;
  throw new InvalidArgumentError(
    hasFormOfInstant(text)
      ? `${text} is not a date that exists`
      : 'expected an instant with a zone, such as 2026-10-01T00:00:00Z',
  );
}

/** `YYYY-MM`, checked. */
export function monthName(text: string): string {
  return monthRange(text).from.slice(0, 'YYYY-MM'.length);
}

export function asOfOption(): Option {
  return new Option('--as-of <instant>', 'as it was known then').argParser(parseInstant);
}
