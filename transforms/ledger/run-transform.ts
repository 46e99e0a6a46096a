/**
 * Turns what landed into money: one transaction that takes the queued changes, finds the resources
 * they touch, computes their expected charges at the run's clock, and posts the difference. Work is
 * in proportion to what changed; run again at the same instant, it changes nothing.
 */
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { type Parameters, runStep } from '../../foundation/sql/statements.ts';
import { loadAllocation, refreshOwnership, refreshShares } from '../allocation/allocation.ts';
import { admitAccounts, keepIdentities } from '../identity/admit-accounts.ts';
import type { Manifest } from '../manifest.ts';
import { loadReference, type ReferenceData } from '../reference/load-reference.ts';
import {
  addNotedCosts,
  isWithoutRollup,
  noteOwnership,
  rollUpMissingStatements,
} from '../rollup/cost-dimensions.ts';
import { addDailyCosts } from '../rollup/daily-costs.ts';
import { beginSetAside, endSetAside } from '../set-aside/set-aside.ts';
import {
  compareWithLedger,
  computeExpectedCharges,
  type DifferenceCounts,
  findWalletMovements,
} from './expected-charges.ts';
import { isCurrencyChanged, keepReportingCurrency } from './reporting-currency.ts';
import { beginRun, endRun } from './run-record.ts';
import { findChangedResources, findScope, refreshResources, takeChanges } from './scope.ts';
import { underTransformLock } from './transform-lock.ts';

export interface TransformOptions {
  readonly manifest: Manifest;
  /** Null: what is loaded stays in force. */
  readonly reference: ReferenceData | null;
  /** ISO 4217 code, or an asset such as USDC. */
  readonly reportingCurrency: string;
  /** The run's clock. */
  readonly nowMs: number;
  /** Recompute every resource from its first day, whatever changed. */
  readonly isFull?: boolean;
  /** An account was given another id in this transaction: what it holds is reversed. */
  readonly isRenaming?: boolean;
  /** `YYYY-MM-DD`: post every charge of an earlier day, also those that still accrue (a close). */
  readonly settledBefore?: string;
}

export interface TransformResult {
  readonly changesTaken: number;
  /** Resources and changes for which a product's SQL failed in this run: see `ledger.set_aside`. */
  readonly setAside: number;
  readonly scopes: number;
  readonly chargesPosted: number;
  readonly chargesReversed: number;
  readonly accrualsWritten: number;
  readonly walletMovements: number;
  readonly durationMs: number;
}

/** Throws UsageError when the clock is earlier than the last transform's. */
export function runTransform(pool: pg.Pool, options: TransformOptions): Promise<TransformResult> {
  return underTransformLock(pool, (connection) => transform(connection, options));
}

/** The transform itself, inside the transaction of `underTransformLock`: its steps in their order. */
export async function transform(
  connection: pg.ClientBase,
  options: TransformOptions,
): Promise<TransformResult> {
  const startedMs = performance.now();
  const { nowMs, reportingCurrency, reference } = options;
  const { products } = options.manifest;
  const isFull = options.isFull ?? false;

  // What is new: the clock, the reference files, landing.
  const hasTimePassed = await isClockAhead(connection, nowMs);
  const changedProviders =
    reference === null ? [] : await loadReference(connection, reference, nowMs);
  const hasNewRules =
    reference !== null && (await loadAllocation(connection, reference.allocation ?? null, nowMs));
  await beginSetAside(connection);
  await admitAccounts(connection, nowMs);
  const changesTaken = await takeChanges(connection, isFull, nowMs);
  if (changesTaken > 0) await keepIdentities(connection, nowMs);

  // Which resources that touches, how they are described, who owns them.
  const isRenaming = options.isRenaming ?? false;
  await findChangedResources(connection, products, changedProviders, {
    isFull,
    isRenaming,
    nowMs,
  });
  const booksOpenFrom = await readBooksOpenFrom(connection);
  const hasNewCurrency = await isCurrencyChanged(connection, reportingCurrency);
  if (hasNewCurrency) {
    await runStep(connection, 'transforms/ledger/resources_of_open_months', {
      from: booksOpenFrom,
    });
  }
  await refreshResources(connection, products, nowMs);
  const isAllocatedAnew =
    hasNewRules || isFull || hasNewCurrency || (await isWithoutRollup(connection));
  await noteOwnership(connection, 'ownership_before');
  await refreshOwnership(connection, isAllocatedAnew);
  await noteOwnership(connection, 'ownership_after');
  const isMovedByTime = hasTimePassed || options.settledBefore !== undefined;
  const scopes = await findScope(connection, products, { isMovedByTime, nowMs });

  // What they should be charged, and how the ledger differs from it.
  const parameters: Parameters = {
    now: new Date(nowMs),
    reporting_currency: reportingCurrency,
    books_open_from: booksOpenFrom,
    settled_before: options.settledBefore ?? booksOpenFrom,
  };
  let counts: DifferenceCounts = { posted: 0, reversed: 0, accruals: 0 };
  if (scopes > 0) {
    await computeExpectedCharges(connection, products, parameters);
    counts = await compareWithLedger(connection, parameters);
  }
  const walletMovements =
    changesTaken > 0 ? await findWalletMovements(connection, products, nowMs) : 0;

  // The difference goes to the ledger, from there to the daily facts and to their roll-up.
  await runStep(connection, 'transforms/rollup/create_cost_delta_daily');
  const hasCharges = counts.posted + counts.reversed + counts.accruals > 0;
  if (hasCharges || walletMovements > 0) {
    const runId = await beginRun(connection, nowMs, booksOpenFrom);
    const ofRun = { ...parameters, run_id: runId };
    if (hasCharges) await postCharges(connection, ofRun);
    if (walletMovements > 0) {
      await runStep(connection, 'transforms/ledger/post_wallet_movements', ofRun);
    }
    const durationMs = performance.now() - startedMs;
    await endRun(connection, runId, { ...counts, durationMs, changesTaken, scopes });
  }
  const hasNewCosts = await addDailyCosts(connection, isAllocatedAnew);
  await refreshShares(connection, hasNewRules ? EVERY_MONTH : TOUCHED_MONTHS);
  if (hasNewCosts) await addNotedCosts(connection, reportingCurrency);
  if (isAllocatedAnew) await rollUpMissingStatements(connection);

  const setAside = await endSetAside(connection, isFull);
  if (hasTimePassed) await advanceClock(connection, nowMs);
  await keepReportingCurrency(connection, reportingCurrency);
  return {
    setAside,
    changesTaken,
    scopes,
    chargesPosted: counts.posted,
    chargesReversed: counts.reversed,
    accrualsWritten: counts.accruals,
    walletMovements,
    durationMs: performance.now() - startedMs,
  };
}

/** Every month that has costs. */
export const EVERY_MONTH = `
  select date_trunc('month', cost_date::timestamp)::date as cost_month from mart.fct_cost_daily`;
/** Months in which a resource in scope has costs from where its charges were computed again. */
const TOUCHED_MONTHS = `
  select date_trunc('month', fact.cost_date::timestamp)::date as cost_month
  from scope
  join mart.fct_cost_daily as fact
    on fact.account_id = scope.account_id and fact.resource_id = scope.resource_id
    and fact.cost_date >= scope.from_date - 1`;

async function postCharges(connection: pg.ClientBase, parameters: Parameters): Promise<void> {
  for (const step of [
    'ledger/post_reversals',
    'ledger/post_charges',
    'rollup/create_cost_delta',
    'ledger/drop_accruals',
    'ledger/add_accruals',
    'rollup/add_cost_delta_daily',
  ]) {
    await runStep(connection, `transforms/${step}`, parameters);
  }
}

/** Whether the run's clock is later than the last transform's; throws when it is earlier. */
async function isClockAhead(connection: pg.ClientBase, nowMs: number): Promise<boolean> {
  const { rows } = await connection.query<{ clock_at: Date }>(
    'select clock_at from mart.transform_state',
  );
  const former = rows[0]?.clock_at;
  if (former !== undefined && former.getTime() > nowMs) {
    const [now, last] = [new Date(nowMs).toISOString(), former.toISOString()];
    throw new UsageError(
      `--now ${now} is earlier than the last transform (${last}): use ${last} or later, or take that one back with \`meterhouse rewind --to INSTANT\``,
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

/** The first day of the first month that is not closed: `-infinity` while none is. */
async function readBooksOpenFrom(connection: pg.ClientBase): Promise<string> {
  const { rows } = await connection.query<{ books_open_from: string }>(
    'select ledger.books_open_from()::text as books_open_from',
  );
  return rows[0]?.books_open_from ?? '-infinity';
}
