/** What is expected of each stream: coverage, status and alerts are held against it. */
import type pg from 'pg';
import type { Stream } from './stream.ts';

export interface ExpectedStream {
  readonly accountId: string;
  readonly stream: Stream;
  /** Without a complete sweep for this long the stream is late. */
  readonly staleAfterHours: number;
}

/**
 * Notes that streams are expected, whether they are asked or not: from `nowMs` on where they were
 * not expected before. Writes nothing when all is noted.
 */
export async function expectStreams(
  connection: pg.ClientBase | pg.Pool,
  streams: readonly ExpectedStream[],
  nowMs: number,
): Promise<void> {
  const retells = streams.map(({ stream: { retellsHours = 0 } }) =>
    retellsHours === Number.POSITIVE_INFINITY ? null : retellsHours,
  );
  await connection.query({
    name: 'expect_streams',
    text: `insert into landing.expectation as held (
             account_id, stream, expected_from, stale_after, is_metering, retells
           )
           select wanted.account_id, wanted.stream, $1, wanted.stale_after, wanted.is_metering,
             wanted.retells
           from (
             select account_id, stream, make_interval(hours => stale_after_hours) as stale_after,
               is_metering, make_interval(hours => retells_hours) as retells
             from unnest($2::text[], $3::text[], $4::integer[], $5::boolean[], $6::integer[])
               as given (account_id, stream, stale_after_hours, is_metering, retells_hours)
           ) as wanted
           where not exists ( -- most runs find it so, and write nothing
             select from landing.expectation as same
             where same.account_id = wanted.account_id and same.stream = wanted.stream
               and same.stale_after = wanted.stale_after
               and same.is_metering = wanted.is_metering
               and same.retells is not distinct from wanted.retells
           )
           on conflict (account_id, stream) do update set
             stale_after = excluded.stale_after, is_metering = excluded.is_metering,
             retells = excluded.retells`,
    values: [
      new Date(nowMs),
      streams.map(({ accountId }) => accountId),
      streams.map(({ stream }) => stream.id),
      streams.map(({ staleAfterHours }) => staleAfterHours),
      streams.map(({ stream }) => stream.retellsHours !== undefined),
      retells,
    ],
  });
}
