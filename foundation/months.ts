/** UTC calendar months as the commands take them. */
import { UsageError } from './errors.ts';

/** A half-open range of UTC days, `YYYY-MM-DD`. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** The days of a month `YYYY-MM`, half open. Throws UsageError for anything else. */
export function monthRange(month: string): DayRange {
  if (!MONTH.test(month)) {
    throw new UsageError(`"${month}" is not a month: write YYYY-MM, such as 2026-10`);
  }
  const [year, number] = month.split('-').map((part) => Number.parseInt(part, 10));
  const next = new Date(Date.UTC(year ?? 0, number ?? 1, 1));
  return { from: `${month}-01`, to: next.toISOString().slice(0, 'YYYY-MM-DD'.length) };
}

/** The UTC month that holds an instant, `YYYY-MM`. */
export function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 'YYYY-MM'.length);
}

/** The UTC day that holds an instant, `YYYY-MM-DD`. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** The month before `month`; both `YYYY-MM`. */
export function monthBefore(month: string): string {
  return monthOf(Date.parse(monthRange(month).from) - 1);
}
