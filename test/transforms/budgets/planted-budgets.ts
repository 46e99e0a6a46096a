/** Budgets, costs by the day and looks at one stream, as tests of budgets want them. */
import type pg from 'pg';
import { bindParameters } from '../../../foundation/sql/bind-parameters.ts';
import { afterwardsUndone } from '../../../foundation/sql/transaction.ts';
import { loadBudgets } from '../../../transforms/budgets/judge-budgets.ts';
import { budgetsNow } from '../../../transforms/budgets/known-budgets.ts';
import { overBudgets } from '../../../transforms/budgets/over-budgets.ts';
import type { Budget } from '../../../transforms/reference/read-budgets.ts';
import type { PlantedCharge } from '../../support/planted-product.ts';

const ACCOUNT = 'test-account';
const STREAM = 'planted.servers';
const DAY_MS = 86_400_000;

/** A month's budget of 1000 for everything, unless said otherwise. */
export function budgetRow(more: Partial<Budget> & { readonly budget: string }): Budget {
  return {
    scope: {},
    period: 'month',
    amount: '1000',
    growth_percent: null,
    actual_thresholds: ['50', '80', '100'],
    forecast_thresholds: ['100'],
    channels: null,
    valid_from: '-infinity',
    valid_to: 'infinity',
    source_file: 'budgets.yaml',
    ...more,
  };
}

export async function installBudgets(pool: pg.Pool, budgets: readonly Budget[]): Promise<void> {
  await loadBudgets(pool, budgets, Date.parse('2026-10-01T00:00:00Z'));
}

interface State {
  readonly state: string;
  readonly doubt: string | null;
  readonly spent_cost: string;
}

/** What a query of `budgetsNow` gives at `now`, for all budgets in force. */
export async function judgedRows<Row>(pool: pg.Pool, query: string, now: string): Promise<Row[]> {
  const rows: Row[] = [];
  const bound = bindParameters(query, { now: new Date(now) });
  const faults = await afterwardsUndone(pool, (connection) =>
    overBudgets(connection, async () => {
      rows.push(...((await connection.query(bound)).rows as Row[]));
    }),
  );
  if (faults.length > 0) throw new Error(`budgets cannot be computed: ${JSON.stringify(faults)}`);
  return rows;
}

/** The running period's row of each budget at `now`, by the command's own query. */
export async function runningBudgets(
  pool: pg.Pool,
  now: string,
): Promise<Record<string, State & Record<string, unknown>>> {
  const rows = await judgedRows<State & Record<string, unknown>>(
    pool,
    await budgetsNow('rpt_budget'),
    now,
  );
  return Object.fromEntries(
    rows.filter((row) => !row.is_over).map((row) => [row.budget as string, row]),
  );
}

/** One charge of `amount` on each of `days` UTC days. */
export function dailyCosts(
  resource: string,
  from: string,
  days: number,
  amount: string,
  more: Partial<PlantedCharge> = {},
): PlantedCharge[] {
  return Array.from({ length: days }, (_, index) => {
    const dayOf = (count: number): string =>
      new Date(Date.parse(from) + count * DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length);
    const day = dayOf(index);
    return {
      key: `planted/${resource}/${day}`,
      resource,
      start: `${day}T00:00:00Z`,
      end: `${dayOf(index + 1)}T00:00:00Z`,
      quantity: '1',
      price: amount,
      ...more,
    };
  });
}

/**
 * Expects a look at the one metering stream every six hours. Without `unreadFrom` what was missed is
 * told by the next look; with it, nothing tells of the time from then to the next look.
 */
export async function expectLooks(
  pool: pg.Pool,
  from: string,
  unreadFrom: string | null = null,
): Promise<void> {
  await pool.query(
    `insert into landing.expectation (
       account_id, stream, expected_from, stale_after, is_metering, retells
     ) values ($1, $2, $3, '6 hours', true, $4)
     on conflict (account_id, stream) do update set retells = excluded.retells`,
    [ACCOUNT, STREAM, from, unreadFrom === null ? null : '1 day'],
  );
  await lookAt(pool, from);
  if (unreadFrom !== null) {
    await pool.query(
      `insert into landing.sweep ${SWEEP} from generate_series(
         $3::timestamptz, $4::timestamptz - interval '6 hours', interval '6 hours'
       ) as look_at`,
      [ACCOUNT, STREAM, from, unreadFrom],
    );
  }
}

export async function lookAt(pool: pg.Pool, at: string): Promise<void> {
  await pool.query(
    `insert into landing.sweep ${SWEEP} from (select $3::timestamptz) as look (look_at)`,
    [ACCOUNT, STREAM, at],
  );
}

const SWEEP = `(account_id, stream, slice, started_at, duration_ms, outcome, requests, retries,
   pages, records, records_new, records_changed, records_gone, records_quarantined)
 select $1, $2, '', look_at, 0, 'complete', 1, 0, 1, 1, 0, 0, 0, 0`;
