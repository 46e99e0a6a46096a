/** What compute costs, here and on the providers' markets: made anew with the reports. */
import type pg from 'pg';
import { runStep } from '../../../foundation/sql/statements.ts';

/** Call it inside a transaction. A refresh at the same instant changes no row. */
export async function refreshEconomics(connection: pg.ClientBase, nowMs: number): Promise<void> {
  await runStep(connection, 'transforms/marts/prices/refresh/create_compute_day');
  await runStep(connection, 'transforms/marts/prices/refresh/add_compute_days');
  await runStep(connection, 'transforms/marts/prices/refresh/drop_compute_days');
  await runStep(connection, 'transforms/marts/prices/refresh/add_market_prices', {
    now: new Date(nowMs),
  });
  await runStep(connection, 'transforms/marts/prices/refresh/add_market_stock', {
    now: new Date(nowMs),
  });
}
