/** How a report of a month reads the month before, which it compares with. */
import type pg from 'pg';
import type { Resolve } from '../exports/snapshot.ts';
import { monthBefore, monthRange } from '../foundation/months.ts';
import type { Configuration } from './config.ts';
import { Knowledge } from './knowledge.ts';
import { currencyOfMonth } from './stored-currency.ts';

/** Null where the month before was closed in another reporting currency: nothing can be compared. */
export async function resolveMonthBefore(
  pool: pg.Pool,
  configuration: Configuration,
  { month, asOfMs }: { readonly month: string; readonly asOfMs: number | null },
): Promise<Resolve | null> {
  const before = monthBefore(month);
  const [currency, currencyBefore] = [
    await currencyOfMonth(pool, configuration.reportingCurrency, month),
    await currencyOfMonth(pool, configuration.reportingCurrency, before),
  ];
  if (currency !== currencyBefore) return null;
  const knowledge = await Knowledge.of(asOfMs, monthRange(before));
  return (text) => knowledge.resolve(text);
}
