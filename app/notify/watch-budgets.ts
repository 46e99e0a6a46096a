/** Budgets of the configuration: read, judged, and told of. */
import type pg from 'pg';
import { DefectListError, UsageError } from '../../foundation/errors.ts';
import {
  type Judgement,
  judgeBudgets,
  loadBudgets,
} from '../../transforms/budgets/judge-budgets.ts';
import { refreshForecast } from '../../transforms/forecast/refresh-forecast.ts';
import { underReportLock } from '../../transforms/marts/refresh-reports.ts';
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
        provider.products.map((product) => product.id),
      ]),
    ),
    allocation: typeof allocation === 'string' ? await readAllocation(allocation) : null,
    channels: configuration.channels.map(({ id }) => id),
  });
}

/** Makes the forecast anew when it is an hour older than the last transform, or of another month. */
export async function refreshOutlook(pool: pg.Pool, nowMs: number): Promise<void> {
  const { rows } = await pool.query<{ is_fresh: boolean }>(
    `select exists (
       select from mart.forecast, mart.transform_state as state
       where as_of >= clock_at - interval '1 hour' and month = date_trunc('month', $1::timestamptz, 'UTC')::date
     ) as is_fresh`,
    [new Date(nowMs)],
  );
  if (rows[0]?.is_fresh === true) return;
  await underReportLock(pool, (connection) => refreshForecast(connection, nowMs));
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
  const budgets = await readConfiguredBudgets(configuration);
  await loadBudgets(pool, budgets, clock.nowMs());
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
  let defect: string | null = null;
  try {
    const budgets = await readConfiguredBudgets(options.configuration);
    await loadBudgets(pool, budgets, options.clock.nowMs());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    defect = error instanceof DefectListError ? error.defects.join('; ') : error.message;
    options.log.error({ code: error.code, defect }, 'the budgets file has defects');
  }
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
  return judgement;
}
