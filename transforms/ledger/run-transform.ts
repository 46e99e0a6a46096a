/**
 * Turns what landed into money: one transaction that takes the queued changes, finds the resources
 * they touch, computes their desired charges at the run's clock, and enters the difference. Work is
 * in proportion to what changed; run again at the same instant, it changes nothing.
 */
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { type Parameters, run, runStep } from '../../foundation/sql/statements.ts';
import { loadAllocation, refreshShares, refreshSpans } from '../allocation/allocation.ts';
import type { Manifest, ProductQueries } from '../manifest.ts';
import { loadReference, type ReferenceData } from '../reference/load-reference.ts';
import { addDailyCosts } from '../rollup/daily-costs.ts';
import { closeMissingSlices, isWithoutSlices, noteSpans, settleSlices } from '../rollup/slices.ts';
import { findChangedResources, findScope, refreshResources, takeChanges } from './scope.ts';

/** Serialises transforms between processes; an arbitrary constant of this project. */
const TRANSFORM_LOCK = 7_120_003;

export interface TransformOptions {
  readonly manifest: Manifest;
  readonly reference: ReferenceData;
  /** ISO 4217 code, or an asset such as USDC. */
  readonly reportingCurrency: string;
  /** The run's clock. */
  readonly nowMs: number;
  /** Recompute every resource from its first day, whatever changed. */
  readonly isFull?: boolean;
  /** `YYYY-MM-DD`: post every charge of an earlier day, also those that still accrue (a close). */
  readonly settledBefore?: string;
}

export interface TransformResult {
  readonly changesTaken: number;
  readonly scopes: number;
  readonly chargesEntered: number;
  readonly chargesReversed: number;
  readonly accrualsWritten: number;
  readonly walletMovements: number;
  readonly durationMs: number;
}

/** Throws UsageError when the clock stands before the last transform's. */
export async function runTransform(
  pool: pg.Pool,
  options: TransformOptions,
): Promise<TransformResult> {
  return underTransformLock(pool, (connection) => transform(connection, options));
}

/** One transaction that no transform, close or rebuild of another process runs beside. */
export async function underTransformLock<Result>(
  pool: pg.Pool,
  work: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await lockTransforms(connection);
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch(() => undefined); // the first error is the news
    throw error;
  } finally {
    connection.release();
  }
}

/** Waits until no other transaction transforms, closes or rebuilds; holds until this one ends. */
export async function lockTransforms(connection: pg.ClientBase): Promise<void> {
  await connection.query('select pg_advisory_xact_lock($1)', [TRANSFORM_LOCK]);
}

/** The transform itself, inside the transaction of `underTransformLock`. */
export async function transform(
  connection: pg.ClientBase,
  options: TransformOptions,
): Promise<TransformResult> {
  const startedMs = performance.now();
  const { products } = options.manifest;
  const booksOpenFrom = await readBooksOpenFrom(connection);
  const parameters: Parameters = {
    now: new Date(options.nowMs),
    reporting_currency: options.reportingCurrency,
    books_open_from: booksOpenFrom,
    settled_before: options.settledBefore ?? booksOpenFrom,
  };
  const step = (name: string, extra: Parameters = {}): Promise<number> =>
    runStep(connection, name, { ...parameters, ...extra });

  const hasTimePassed = await isClockAhead(connection, options.nowMs);
  const changedProviders = await loadReference(connection, options.reference, options.nowMs);
  const hasNewRules = await loadAllocation(
    connection,
    options.reference.allocation ?? null,
    options.nowMs,
  );
  const changesTaken = await takeChanges(connection, options.isFull ?? false);
  await findChangedResources(connection, products, changedProviders, options.isFull ?? false);
  await refreshResources(connection, products, options.nowMs);
  const isAllocatedAnew =
    hasNewRules || (options.isFull ?? false) || (await isWithoutSlices(connection));
  await noteSpans(connection, 'span_before');
  await refreshSpans(connection, isAllocatedAnew);
  await noteSpans(connection, 'span_after');
  const scopes = await findScope(
    connection,
    products,
    hasTimePassed || options.settledBefore !== undefined,
  );

  if (scopes > 0) {
    await computeDesired(connection, products, parameters);
    await step('transforms/ledger/difference');
    await step('transforms/ledger/accrual_difference');
  }
  const counts = scopes > 0 ? await differenceCounts(connection) : NOTHING;
  await step('transforms/rollup/create_cost_delta_daily');
  let walletMovements = 0;
  if (changesTaken > 0) walletMovements = await findWalletMovements(connection, products);
  if (counts.differences + counts.accruals + walletMovements > 0) {
    const runId = await beginRun(connection, options.nowMs, booksOpenFrom);
    if (counts.differences + counts.accruals > 0) await post(step, runId);
    if (walletMovements > 0)
      await step('transforms/ledger/enter_wallet_movements', { run_id: runId });
    await endRun(connection, runId, performance.now() - startedMs, changesTaken, scopes, counts);
  }
  const hasNewCosts = await addDailyCosts(connection, isAllocatedAnew);
  await refreshShares(connection, hasNewRules ? EVERY_MONTH : TOUCHED_MONTHS);
  if (hasNewCosts) await settleSlices(connection, options.reportingCurrency);
  if (isAllocatedAnew) await closeMissingSlices(connection, options.reportingCurrency);
  if (hasTimePassed) await advanceClock(connection, options.nowMs);
  return {
    changesTaken,
    scopes,
    chargesEntered: counts.entered,
    chargesReversed: counts.reversed,
    accrualsWritten: counts.accruals,
    walletMovements,
    durationMs: performance.now() - startedMs,
  };
}

/** Every month that has costs. */
export const EVERY_MONTH = `
  select date_trunc('month', cost_date::timestamp)::date as cost_month from mart.fct_cost_daily`;
/** Months in which a resource that was looked at has costs from where it was looked at. */
const TOUCHED_MONTHS = `
  select date_trunc('month', fact.cost_date::timestamp)::date as cost_month
  from scope
  join mart.fct_cost_daily as fact
    on fact.account_id = scope.account_id and fact.resource_id = scope.resource_id
    and fact.cost_date >= scope.from_date - 1`;

async function post(
  step: (name: string, extra?: Parameters) => Promise<number>,
  runId: number,
): Promise<void> {
  await step('transforms/ledger/enter_reversals', { run_id: runId });
  await step('transforms/ledger/enter_charges', { run_id: runId });
  await step('transforms/rollup/cost_delta', { run_id: runId });
  await step('transforms/ledger/drop_accruals');
  await step('transforms/ledger/add_accruals');
  await step('transforms/rollup/cost_delta_daily');
}

/** Whether the run's clock stands after the last transform's; throws when it stands before. */
async function isClockAhead(connection: pg.ClientBase, nowMs: number): Promise<boolean> {
  const { rows } = await connection.query<{ clock_at: Date }>(
    'select clock_at from mart.transform_state',
  );
  const former = rows[0]?.clock_at;
  if (former !== undefined && former.getTime() > nowMs) {
    throw new UsageError(
      `the clock ${new Date(nowMs).toISOString()} is before the last transform's ${former.toISOString()}: the ledger only goes forward`,
    );
  }
  return former?.getTime() !== nowMs;
}

async function advanceClock(connection: pg.ClientBase, nowMs: number): Promise<void> {
  await connection.query(
    `insert into mart.transform_state (clock_at) values ($1)
     on conflict (is_only_row) do update set clock_at = excluded.clock_at`,
    [new Date(nowMs)],
  );
}

async function computeDesired(
  connection: pg.ClientBase,
  products: readonly ProductQueries[],
  parameters: Parameters,
): Promise<void> {
  await runStep(connection, 'transforms/ledger/create_wanted', {});
  for (const { queries } of products) {
    if (queries.charge === undefined) continue;
    await run(connection, `insert into wanted ${queries.charge}`, parameters);
  }
  await runStep(connection, 'transforms/ledger/priced_desired', parameters);
  await runStep(connection, 'transforms/ledger/settle_days_before', parameters);
  await connection.query('create unique index on desired (account_id, charge_key)');
  await connection.query('analyze desired');
}

interface DifferenceCounts {
  readonly differences: number;
  readonly entered: number;
  readonly reversed: number;
  readonly accruals: number;
}

const NOTHING: DifferenceCounts = { differences: 0, entered: 0, reversed: 0, accruals: 0 };

async function differenceCounts(connection: pg.ClientBase): Promise<DifferenceCounts> {
  const { rows } = await connection.query<DifferenceCounts>(
    `select count(*) as differences,
       count(*) filter (where is_wanted) as entered,
       count(standing_charge_id) as reversed,
       (select count(*) from accrual_difference) as accruals
     from difference`,
  );
  return rows[0] ?? NOTHING;
}

/** Fills `found_movement` with wallet movements that the ledger does not hold; returns how many. */
async function findWalletMovements(
  connection: pg.ClientBase,
  products: readonly ProductQueries[],
): Promise<number> {
  await runStep(connection, 'transforms/ledger/create_found_movement', {});
  for (const { queries } of products) {
    if (queries.wallet_movement === undefined) continue;
    await run(connection, `insert into found_movement ${queries.wallet_movement}`, {});
  }
  return runStep(connection, 'transforms/ledger/keep_new_movements', {}).then(async () => {
    const { rows } = await connection.query<{ count: number }>(
      'select count(*) as count from found_movement',
    );
    return rows[0]?.count ?? 0;
  });
}

/** The first day of the first month that is not closed: `-infinity` while none is. */
async function readBooksOpenFrom(connection: pg.ClientBase): Promise<string> {
  const { rows } = await connection.query<{ books_open_from: string }>(
    `select coalesce((max(month) + interval '1 month')::date, '-infinity')::text as books_open_from
     from ledger.closed_month`,
  );
  return rows[0]?.books_open_from ?? '-infinity';
}

async function beginRun(
  connection: pg.ClientBase,
  nowMs: number,
  booksOpenFrom: string,
): Promise<number> {
  const { rows } = await connection.query<{ run_id: number }>(
    `insert into ledger.run (
       clock_at, duration_ms, changes_taken, scopes, charges_entered, charges_reversed,
       accruals_written, books_open_from
     ) values ($1, 0, 0, 0, 0, 0, 0, $2) returning run_id`,
    [new Date(nowMs), booksOpenFrom],
  );
  const runId = rows[0]?.run_id;
  if (runId === undefined) throw new Error('the run was not recorded');
  return runId;
}

async function endRun(
  connection: pg.ClientBase,
  runId: number,
  durationMs: number,
  changesTaken: number,
  scopes: number,
  counts: DifferenceCounts,
): Promise<void> {
  await connection.query(
    `update ledger.run
     set duration_ms = $2, changes_taken = $3, scopes = $4, charges_entered = $5,
       charges_reversed = $6, accruals_written = $7
     where run_id = $1`,
    [
      runId,
      Math.round(durationMs),
      changesTaken,
      scopes,
      counts.entered,
      counts.reversed,
      counts.accruals,
    ],
  );
}
