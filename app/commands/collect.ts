/** `meterhouse collect [streams…]`: asks the providers now and lands what they answer. */
import type { SweepResult } from '../../collectors/run-stream.ts';
import { monthSlice, monthsSince } from '../../collectors/slices.ts';
import { ProviderError, UsageError } from '../../foundation/errors.ts';
import type { AccountResult } from '../collector.ts';
import { type Configuration, readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { allStreams, dueStreams, type StreamOfAccount } from '../due-streams.ts';
import { table } from '../output.ts';
import { Pipeline } from '../pipeline.ts';
import { pastOf, pastText } from './collect-past.ts';

export interface CollectCommandOptions {
  readonly streams: readonly string[];
  readonly accounts: readonly string[];
  readonly months: readonly string[];
  /** `YYYY-MM`: collect every month from this one on; null for the recent ones. */
  readonly since: string | null;
  /** Only what the schedules say is due by now. */
  readonly due: boolean;
}

/** Throws ProviderError when an account refused its credentials or a slice failed. */
export async function collectCommand(
  context: Context,
  options: CollectCommandOptions,
): Promise<void> {
  const months = monthsOf(context, options);
  const configuration = await readConfiguration(context.configFile, context.environment);
  const chosen = chooseStreams(configuration, options);
  const pipeline = await Pipeline.open(configuration, context.clock, context.log);
  try {
    const due = options.due
      ? await dueStreams(pipeline.warehouse.pool, configuration, context.clock.nowMs())
      : chosen;
    const streams = chosen.filter(({ account, stream }) =>
      due.some((other) => other.account === account && other.stream.id === stream.id),
    );
    let done = 0;
    const accounts = await pipeline.collector.collect(streams, {
      ...(months.length > 0 ? { months } : {}),
      isBackfill: options.since !== null,
      signal: context.signal,
      onStream: ({ account, stream }) => {
        done += 1;
        context.progress.report(done, streams.length, `${account.id} ${stream.id}`);
      },
    });
    context.progress.finish();
    const past = options.since === null ? [] : pastOf(streams, accounts, options.since);
    present(context, { ...jsonOf(accounts), ...(options.since === null ? {} : { past }) }, () =>
      [textOf(accounts), pastText(past)].join(''),
    );
    throwOnFailure(accounts);
  } finally {
    await pipeline.close();
  }
}

/** The months asked for. Throws UsageError for a malformed or future one. */
function monthsOf(context: Context, options: CollectCommandOptions): readonly string[] {
  for (const month of options.months) monthSlice(month);
  if (options.since === null) return options.months;
  if (options.months.length > 0) throw new UsageError('use --since or --month, not both');
  return monthsSince(options.since, context.clock.nowMs());
}

function chooseStreams(
  configuration: Configuration,
  options: CollectCommandOptions,
): StreamOfAccount[] {
  const known = allStreams(configuration);
  for (const id of options.accounts) {
    if (!configuration.accounts.some((account) => account.id === id)) {
      throw new UsageError(`there is no account "${id}" in ${configuration.file}`);
    }
  }
  for (const id of options.streams) {
    if (!known.some(({ stream }) => stream.id === id)) {
      const ids = [...new Set(known.map(({ stream }) => stream.id))].join(', ');
      throw new UsageError(
        `there is no stream "${id}" for the configured accounts; there are: ${ids}`,
      );
    }
  }
  return known.filter(
    ({ account, stream }) =>
      (options.accounts.length === 0 || options.accounts.includes(account.id)) &&
      (options.streams.length === 0 || options.streams.includes(stream.id)),
  );
}

function jsonOf(accounts: readonly AccountResult[]): { readonly accounts: readonly unknown[] } {
  return {
    accounts: accounts.map(({ accountId, sweeps, skippedStreams, error }) => ({
      account: accountId,
      error: error?.message ?? null,
      skipped_streams: skippedStreams,
      sweeps: sweeps.map((sweep) => ({
        stream: sweep.streamId,
        slice: sweep.slice,
        outcome: sweep.outcome,
        error: sweep.error,
        requests: sweep.requests,
        records: sweep.landed?.records ?? null,
        records_new: sweep.landed?.recordsNew ?? null,
        records_changed: sweep.landed?.recordsChanged ?? null,
        records_gone: sweep.landed?.recordsGone ?? null,
        records_quarantined: sweep.landed?.recordsQuarantined ?? null,
      })),
    })),
  };
}

interface StreamSummary {
  readonly account: string;
  readonly stream: string;
  readonly sweeps: readonly SweepResult[];
}

function textOf(accounts: readonly AccountResult[]): string {
  const summaries: StreamSummary[] = accounts.flatMap(({ accountId, sweeps }) =>
    [...Map.groupBy(sweeps, (sweep) => sweep.streamId)].map(([stream, ofStream]) => ({
      account: accountId,
      stream,
      sweeps: ofStream,
    })),
  );
  const total =
    (pick: (sweep: SweepResult) => number) =>
    ({ sweeps }: StreamSummary): string =>
      String(sweeps.reduce((sum, sweep) => sum + pick(sweep), 0));
  const lines = [
    table(summaries, [
      { title: 'account', value: ({ account }) => account },
      { title: 'stream', value: ({ stream }) => stream },
      { title: 'outcome', value: outcomeOf },
      { title: 'requests', value: total((sweep) => sweep.requests), align: 'right' },
      { title: 'records', value: total((sweep) => sweep.landed?.records ?? 0), align: 'right' },
      { title: 'new', value: total((sweep) => sweep.landed?.recordsNew ?? 0), align: 'right' },
      { title: 'changed', value: total((s) => s.landed?.recordsChanged ?? 0), align: 'right' },
      { title: 'gone', value: total((sweep) => sweep.landed?.recordsGone ?? 0), align: 'right' },
      {
        title: 'quarantined',
        value: total((sweep) => sweep.landed?.recordsQuarantined ?? 0),
        align: 'right',
      },
    ]),
  ];
  for (const { accountId, skippedStreams } of accounts) {
    if (skippedStreams.length === 0) continue;
    lines.push(`${accountId}: another process is collecting ${skippedStreams.join(', ')}\n`);
  }
  return lines.join('');
}

function outcomeOf({ sweeps }: StreamSummary): string {
  const denied = sweeps.filter((sweep) => sweep.outcome === 'denied').length;
  const failed = sweeps.filter((sweep) => sweep.outcome === 'failed').length;
  if (failed > 0) return `${failed} of ${sweeps.length} failed`;
  return denied > 0 ? `${denied} of ${sweeps.length} denied` : 'complete';
}

function throwOnFailure(accounts: readonly AccountResult[]): void {
  const refused = accounts.find((account) => account.error !== null);
  if (refused?.error) throw refused.error;
  const failed = accounts.flatMap(({ sweeps }) => sweeps).find((s) => s.outcome === 'failed');
  if (failed !== undefined) throw new ProviderError(failed.error ?? `${failed.streamId} failed`);
}
