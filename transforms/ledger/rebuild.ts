/**
 * Computes everything behind landing again. The ledger keeps its history: what comes out otherwise
 * than it stands is entered as a dated difference. `discardsHistory` drops the ledger too, down to
 * what closed months rest on, as after the loss of everything but landing.
 */
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { runStep } from '../../foundation/sql/statements.ts';
import { refreshShares } from '../allocation/allocation.ts';
import { addNotedCosts } from '../rollup/cost-dimensions.ts';
import { rebuildDailyCosts } from '../rollup/daily-costs.ts';
import {
  EVERY_MONTH,
  type TransformOptions,
  type TransformResult,
  transform,
} from './run-transform.ts';
import { underTransformLock } from './transform-lock.ts';

export interface RebuildOptions extends Omit<TransformOptions, 'nowMs' | 'isFull'> {
  /** Also drop ledger entries, accruals and histories that no closed month rests on. */
  readonly discardsHistory: boolean;
}

/** Runs at the clock of the last transform. Throws UsageError when there was none. */
export async function rebuild(pool: pg.Pool, options: RebuildOptions): Promise<TransformResult> {
  return underTransformLock(pool, async (connection) => {
    const nowMs = await readClock(connection);
    if (options.discardsHistory) await discardHistory(connection);
    return recompute(connection, { ...options, nowMs });
  });
}

/** Everything behind landing and the ledger, at the options' clock, inside the caller's transaction. */
export async function recompute(
  connection: pg.ClientBase,
  options: TransformOptions,
): Promise<TransformResult> {
  const result = await transform(connection, { ...options, isFull: true });
  await rebuildDailyCosts(connection);
  await refreshShares(connection, EVERY_MONTH);
  await addNotedCosts(connection, options.reportingCurrency);
  return result;
}

async function readClock(connection: pg.ClientBase): Promise<number> {
  const { rows } = await connection.query<{ clock_at: Date }>(
    'select clock_at from mart.transform_state',
  );
  const clockAt = rows[0]?.clock_at;
  if (clockAt === undefined) {
    throw new UsageError('nothing was transformed yet: run `meterhouse transform` first');
  }
  return clockAt.getTime();
}

async function discardHistory(connection: pg.ClientBase): Promise<void> {
  await connection.query("set local meterhouse.discards_history = 'yes'");
  await runStep(connection, 'transforms/ledger/discard_open_entries');
  await runStep(connection, 'transforms/ledger/discard_open_movements');
  await connection.query(
    'truncate mart.accrual, mart.resource_ownership, history.accrual, history.resource',
  );
  // Closed months hold costs of renamed accounts, which nothing landed describes any more.
  await connection.query(
    `delete from mart.dim_resource
     where account_id not in (select account_id from landing.account where renamed_to is not null)`,
  );
}
