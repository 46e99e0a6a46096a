/** What `meterhouse collect --since` could read of the past, and what cannot be had, stream by stream. */
import type { SweepResult } from '../../collectors/run-stream.ts';
import type { Stream } from '../../collectors/stream.ts';
import type { AccountResult } from '../collector.ts';
import type { StreamOfAccount } from '../due-streams.ts';
import { table } from '../output.ts';

/** `reported_since` (`YYYY-MM`) is null where a stream reports no past months. */
export interface PastOfStream {
  readonly account: string;
  readonly stream: string;
  readonly reported_since: string | null;
  readonly cannot_be_had: string;
}

/** One row per stream that was collected, in the order of the run. */
export function pastOf(
  streams: readonly StreamOfAccount[],
  accounts: readonly AccountResult[],
  since: string,
): PastOfStream[] {
  const sweeps = accounts.flatMap((account) => account.sweeps);
  return streams.flatMap(({ account, stream }) => {
    const ofStream = sweeps.filter(
      (sweep) => sweep.accountId === account.id && sweep.streamId === stream.id,
    );
    return ofStream.length === 0
      ? []
      : [{ account: account.id, ...pastOfStream(stream, ofStream, since) }];
  });
}

/** For people; empty without rows. */
export function pastText(rows: readonly PastOfStream[]): string {
  if (rows.length === 0) return '';
  return `\nWhat the providers report of the past\n\n${table(rows, [
    { title: 'account', value: (row) => row.account },
    { title: 'stream', value: (row) => row.stream },
    { title: 'reported since', value: (row) => row.reported_since ?? 'first sync' },
    { title: 'cannot be had', value: (row) => row.cannot_be_had },
  ])}`;
}

function pastOfStream(
  stream: Stream,
  sweeps: readonly SweepResult[],
  since: string,
): Omit<PastOfStream, 'account'> {
  if (stream.slices.kind !== 'months') {
    return { stream: stream.id, reported_since: null, cannot_be_had: pastOfPresent(stream) };
  }
  const months = (outcome: SweepResult['outcome']): string[] =>
    sweeps.filter((sweep) => sweep.outcome === outcome).map(({ slice }) => slice);
  const refused = months('denied');
  const failed = months('failed');
  const parts = [
    ...(refused.length > 0 ? [`not reported any more: ${refused.join(', ')}`] : []),
    ...(failed.length > 0 ? [`failed, try again: ${failed.join(', ')}`] : []),
  ];
  return {
    stream: stream.id,
    reported_since: months('complete').toSorted()[0] ?? null,
    cannot_be_had: parts.length > 0 ? parts.join('; ') : `nothing since ${since}`,
  };
}

function pastOfPresent({ retellsHours }: Stream): string {
  if (retellsHours === undefined) return 'past states: it reports the present only';
  if (retellsHours === Number.POSITIVE_INFINITY) return 'nothing: it reports all that ever was';
  return `costs of what had ended ${retellsHours} h before the first sync`;
}
