/** Budgets of the configuration: read, judged, and told of. */
import type pg from 'pg';
import { DefectListError, UsageError } from '../../foundation/errors.ts';
import { inTransaction } from '../../foundation/sql/transaction.ts';
import {
  type Judgement,
  judgeBudgets,
  loadBudgets,
} from '../../transforms/budgets/judge-budgets.ts';
import { FORECAST, refreshOne } from '../../transforms/marts/refresh-reports.ts';
import { recordRefused } from '../../transforms/reference/file-state.ts';
import { readAllocation } from '../../transforms/reference/read-allocation.ts';
import { type Budget, readBudgets } from '../../transforms/reference/read-budgets.ts';
import type { Clock } from '../clock.ts';
import type { Configuration } from '../config.ts';
import type { Logger } from '../log.ts';
import { type DeliveryResult, deliverDue } from './deliver.ts';

/** Throws UsageError when the configuration names no budgets, DefectListError for a bad file. */
export async function readConfiguredBudgets(
  configuration: Configuration,
): Promise<readonly Budget[]> {
  if (configuration.budgets === null) {
    throw new UsageError(
      `${configuration.file} names no budgets: set reference.budgets, see reference/budgets.example.yaml`,
    );
  }
  const { allocation } = configuration.reference;
  return readBudgets(configuration.budgets, {
    accounts: new Map(
      configuration.accounts.map(({ id, provider }) => [
        id,
        provider.products.map(({ id: product, hasSellers }) =>
          hasSellers === true ? `${product}-*` : product,
        ),
      ]),
    ),
    allocation: typeof allocation === 'string' ? await readAllocation(allocation) : null,
    channels: configuration.channels.map(({ id }) => id),
  });
}

/** What is wrong with the budgets file alone; none where it cannot be judged before the allocation. */
export async function configuredBudgetDefects(
  configuration: Configuration,
): Promise<readonly string[]> {
  const { budgets, reference } = configuration;
  if (budgets === null) return [];
  try {
    if (typeof reference.allocation === 'string') await readAllocation(reference.allocation);
  } catch (error) {
    if (error instanceof DefectListError) return []; // they are the allocation file's defects
    throw error;
  }
  try {
    await readConfiguredBudgets(configuration);
    return [];
  } catch (error) {
    if (error instanceof DefectListError) return error.defects;
    throw error;
  }
}

/**
 * Brings the budgets in force to what the file says. With defects in it (or in the allocation file,
 * by which it is judged) the budgets that were read last stay in force: the defects are returned.
 * Throws DefectListError when no budgets were ever read.
 */
export async function loadConfiguredBudgets(
  pool: pg.Pool,
  configuration: Configuration,
  nowMs: number,
): Promise<readonly string[]> {
  let budgets: readonly Budget[];
  try {
    budgets = await readConfiguredBudgets(configuration);
  } catch (error) {
    if (!(error instanceof DefectListError)) throw error;
    const { defects } = error;
    await inTransaction(pool, (connection) =>
      recordRefused(connection, [{ kind: 'budgets', defects }], nowMs),
    );
    return defects;
  }
  await loadBudgets(pool, budgets, nowMs);
  return [];
}

/**
 * Makes the forecast anew when it is an hour older than the last transform, or of another month. One
 * that cannot be made is set aside: budgets are judged by their burn then.
 */
export async function refreshOutlook(pool: pg.Pool, nowMs: number): Promise<void> {
  const { rows } = await pool.query<{ is_fresh: boolean }>(
    `select exists (
       select from mart.forecast, mart.transform_state as state
       where as_of >= clock_at - interval '1 hour' and month = date_trunc('month', $1::timestamptz, 'UTC')::date
     ) as is_fresh`,
    [new Date(nowMs)],
  );
  if (rows[0]?.is_fresh === true) return;
  await refreshOne(pool, FORECAST, () => nowMs);
}

export interface JudgeOptions {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface WatchOptions extends JudgeOptions {
  readonly signal: AbortSignal;
}

/** Judges all budgets now, by a forecast of now; queues what changed, and sends what is due. */
export async function watchBudgets(
  pool: pg.Pool,
  { configuration, clock, log, signal }: WatchOptions,
): Promise<Judgement & DeliveryResult> {
  const defects = await loadConfiguredBudgets(pool, configuration, clock.nowMs());
  if (defects.length > 0) {
    log.error({ defects }, 'the budgets file is refused: the budgets read last stay in force');
  }
  const judgement = await judge(pool, { configuration, clock, log });
  const delivery = await deliverDue(pool, {
    channels: configuration.channels,
    clock,
    log,
    signal,
  });
  return { ...judgement, ...delivery };
}

/**
 * Judges the budgets and queues what changed, without sending. `defect` says why the file could not
 * be read: the budgets are then those that were read last.
 */
export async function judgeConfiguredBudgets(
  pool: pg.Pool,
  options: JudgeOptions,
): Promise<Judgement & { readonly defect: string | null }> {
  const { configuration, clock, log } = options;
  let defects: readonly string[];
  try {
    defects = await loadConfiguredBudgets(pool, configuration, clock.nowMs());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    defects = error instanceof DefectListError ? error.defects : [error.message];
  }
  const defect = defects.length === 0 ? null : defects.join('; ');
  if (defect !== null) log.error({ defect }, 'the budgets file has defects');
  return { ...(await judge(pool, options)), defect };
}

async function judge(
  pool: pg.Pool,
  { configuration, clock, log }: JudgeOptions,
): Promise<Judgement> {
  await refreshOutlook(pool, clock.nowMs());
  const judgement = await judgeBudgets(pool, {
    nowMs: clock.nowMs(),
    reportingCurrency: configuration.reportingCurrency,
    channels: configuration.channels.map(({ id }) => id),
  });
  for (const held of judgement.heldBack) log.warn(held, 'a budget notification is held back');
  for (const { name, reason } of judgement.unjudged) {
    log.error({ budget: name, reason }, 'a budget cannot be computed: it is set aside');
  }
  return judgement;
}
