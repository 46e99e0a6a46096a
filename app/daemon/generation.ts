/**
 * The loops of one configuration: one per account, one for the transform, one for the reports, one
 * per channel of messages. None waits for another; what one has done wakes the next.
 */

import { refuseClockAhead } from '../clock-guard.ts';
import type { Collector } from '../collector.ts';
import type { Account, Configuration } from '../config.ts';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import { intervalMs, scheduleOf } from '../due-streams.ts';
import { deliverChannel } from '../notify/deliver.ts';
import type { Pipeline } from '../pipeline.ts';
import { AccountRounds, answersMsMax } from './account-rounds.ts';
import { Loop, type RoundResult } from './loop.ts';
import { ReportRounds } from './report-rounds.ts';
import { TRANSFORM_SCHEDULE, transformRound } from './transform-rounds.ts';

const MINUTE_MS = 60_000;
/** Looking for messages that are due costs one short query. */
const MESSAGES_EVERY_MS = 15_000;
/** The longest that rounds may take: a first transform works out all that was collected so far. */
const TRANSFORM_MS_MAX = 6 * 60 * MINUTE_MS;
const REPORTS_MS_MAX = 2 * 60 * MINUTE_MS;
const MESSAGES_MS_MAX = 15 * MINUTE_MS;

export interface GenerationOptions {
  readonly context: Context;
  readonly pipeline: Pipeline;
  readonly collector: Collector;
  /** Connections of the accounts' loops, apart from the others': a slow provider holds its own. */
  readonly collecting: Database;
}

export function loopsOf(options: GenerationOptions): Loop[] {
  const { context, pipeline } = options;
  const { configuration } = pipeline;
  const messages = configuration.channels.map((channel) => messageLoop(options, channel.id));
  const reports = reportLoop(options, () => {
    for (const loop of messages) loop.wake();
  });
  const transform = new Loop({
    name: 'transform',
    kind: 'transform',
    schedules: [configuration.schedules.get('transform') ?? TRANSFORM_SCHEDULE],
    roundMsMax: TRANSFORM_MS_MAX,
    log: context.log,
    round: guarded(options, () => transformRound(pipeline, context, () => reports.wake())),
  });
  const accounts = configuration.accounts.map((account) => {
    const rounds = new AccountRounds({
      account,
      configuration,
      collector: options.collector,
      pool: options.collecting.pool,
      context,
      onCaughtUp: () => transform.wake(),
    });
    return new Loop({
      name: `account ${account.id}`,
      kind: 'account',
      schedules: schedulesOf(configuration, account),
      roundMsMax: roundMsMax(configuration, account),
      log: context.log,
      round: guarded(options, (signal) => rounds.round(signal)),
    });
  });
  return [...accounts, transform, reports, ...messages];
}

function schedulesOf(configuration: Configuration, account: Account): string[] {
  return [...new Set(account.provider.streams.map((stream) => scheduleOf(configuration, stream)))];
}

/**
 * Beyond what the answers take: ten intervals of the shortest schedule for waiting and landing, from one
 * minute to five.
 */
function roundMsMax(configuration: Configuration, account: Account): number {
  const intervals = schedulesOf(configuration, account).map(intervalMs);
  const graceMs = Math.min(Math.max(10 * Math.min(...intervals), MINUTE_MS), 5 * MINUTE_MS);
  return answersMsMax(configuration, account) + graceMs;
}

function reportLoop({ context, pipeline }: GenerationOptions, onJudged: () => void): Loop {
  const rounds = new ReportRounds(pipeline, context, onJudged);
  return new Loop({
    name: 'reports',
    kind: 'reports',
    schedules: [],
    roundMsMax: REPORTS_MS_MAX,
    log: context.log,
    round: (signal) => rounds.round(signal),
  });
}

function messageLoop({ context, pipeline }: GenerationOptions, channel: string): Loop {
  const { clock, log } = context;
  const { channels } = pipeline.configuration;
  return new Loop({
    name: `messages ${channel}`,
    kind: 'messages',
    schedules: [],
    roundMsMax: MESSAGES_MS_MAX,
    log,
    round: async (signal) => {
      const { pool } = pipeline.warehouse;
      const result = await deliverChannel(pool, channel, { channels, clock, log, signal });
      const undelivered = result.failed + result.givenUp;
      return {
        waitMs: MESSAGES_EVERY_MS,
        trouble: undelivered > 0 ? `${undelivered} message(s) were not delivered` : null,
      };
    },
  });
}

/** A round that writes is refused while the clock is ahead of the database's. */
function guarded(
  { context, pipeline }: GenerationOptions,
  round: (signal: AbortSignal) => Promise<RoundResult>,
): (signal: AbortSignal) => Promise<RoundResult> {
  return async (signal) => {
    await refuseClockAhead(pipeline.warehouse.pool, context.clock);
    return round(signal);
  };
}
