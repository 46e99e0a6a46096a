/** What other allocation rules would move, in money: tried in a transaction that is taken back. */
import type pg from 'pg';
import { afterwardsUndone } from '../../foundation/sql/transaction.ts';
import { EVERY_MONTH } from '../ledger/run-transform.ts';
import { lockTransforms } from '../ledger/transform-lock.ts';
import type { Allocation } from '../reference/read-allocation.ts';
import { loadAllocation, refreshOwnership, refreshShares } from './allocation.ts';

/** One open month's statement, team and cost centre whose cost the rules would change. */
export interface AllocationMove {
  /** `YYYY-MM` */
  readonly month: string;
  readonly team: string;
  readonly cost_centre: string | null;
  /** Exact decimal texts in the reporting currency. */
  readonly cost_now: string;
  readonly cost_then: string;
  readonly moved: string;
}

const OPEN_COSTS = `
  select statement_month, team, cost_centre, sum(reporting_cost) as cost
  from mart.open_cost_owned_daily
  group by statement_month, team, cost_centre`;

/** Closed months are never among the moves: their statements do not change. Nothing is kept. */
export async function allocationDifference(
  pool: pg.Pool,
  allocation: Allocation | null,
  nowMs: number,
): Promise<AllocationMove[]> {
  return afterwardsUndone(pool, async (connection) => {
    await lockTransforms(connection);
    await connection.query(`create temporary table cost_now on commit drop as ${OPEN_COSTS}`);
    await loadAllocation(connection, allocation, nowMs);
    await refreshOwnership(connection, true);
    await refreshShares(connection, EVERY_MONTH);
    const { rows } = await connection.query<AllocationMove>(
      `select to_char(statement_month, 'YYYY-MM') as month, team, cost_centre,
         trim_scale(coalesce(held.cost, 0)) as cost_now,
         trim_scale(coalesce(tried.cost, 0)) as cost_then,
         trim_scale(coalesce(tried.cost, 0) - coalesce(held.cost, 0)) as moved
       from (
         select statement_month, team, coalesce(cost_centre, '') as centre, cost from cost_now
       ) as held
       full join (
         select statement_month, team, coalesce(cost_centre, '') as centre, cost
         from (${OPEN_COSTS}) as open_cost
       ) as tried using (statement_month, team, centre)
       cross join lateral (select nullif(centre, '') as cost_centre) as named
       where coalesce(tried.cost, 0) <> coalesce(held.cost, 0)
       order by statement_month, team collate "C", centre collate "C"`,
    );
    return rows;
  });
}
