/** The demo's customer closes each month some days after its end, as finance does. */
import { monthRange } from '../months.ts';
import type { Pipeline } from '../pipeline.ts';

const DAY_MS = 86_400_000;
/** By then the providers have told what they tell late. */
const DAYS_UNTIL_CLOSE = 5;

/** Closes what is due, in order; a month with something in its way waits for the next call. */
export async function closeDueMonths(pipeline: Pipeline, nowMs: number): Promise<void> {
  const { rows } = await pipeline.warehouse.pool.query<{ name: string }>(
    `select name from mart.rpt_statement where state = 'open' order by month`,
  );
  for (const { name } of rows) {
    const range = monthRange(name);
    if (nowMs < Date.parse(range.to) + DAYS_UNTIL_CLOSE * DAY_MS) return;
    const { isClosed } = await pipeline.closeMonth(range, false);
    if (!isClosed) return;
  }
}
