/** What the daemon's loops do, kept in the warehouse, so that another process can judge them. */
import type pg from 'pg';
import type { LoopKind, LoopState } from './loop.ts';

/** A daemon that has not reported for this long is gone, or hangs. */
const SILENT_SECONDS = 60;
/** After this the database counts as silent. */
const ANSWER_MS_MAX = 8_000;

/** Replaces what the daemon said of its loops. */
export async function writeBeats(
  pool: pg.Pool,
  daemonId: string,
  states: readonly LoopState[],
): Promise<void> {
  await pool.query({
    query_timeout: ANSWER_MS_MAX,
    text: `with loop as (
       select * from jsonb_to_recordset($2) as loop (
         name text, kind text, state text, failures_in_a_row integer, error text,
         last_good_at timestamptz
       )
     ),
     dropped as (
       delete from mart.daemon_loop as former
       where (former.daemon_id = $1 and former.name not in (select name from loop))
         or former.beat_at < clock_timestamp() - interval '1 day'
     )
     insert into mart.daemon_loop (
       daemon_id, name, kind, state, failures_in_a_row, error, last_good_at, beat_at
     )
     select $1, name, kind, state, failures_in_a_row, error, last_good_at, clock_timestamp()
     from loop
     on conflict (daemon_id, name) do update set
       state = excluded.state, failures_in_a_row = excluded.failures_in_a_row,
       error = excluded.error, last_good_at = excluded.last_good_at, beat_at = excluded.beat_at`,
    values: [
      daemonId,
      JSON.stringify(
        states.map((state) => ({
          name: state.name,
          kind: state.kind,
          state: state.state,
          failures_in_a_row: state.failuresInARow,
          error: state.error,
          last_good_at: state.lastGoodAt,
        })),
      ),
    ],
  } as pg.QueryConfig);
}

/** Call it when a daemon ends in good order. */
export async function forgetBeats(pool: pg.Pool, daemonId: string): Promise<void> {
  await pool.query('delete from mart.daemon_loop where daemon_id = $1', [daemonId]);
}

export interface Beat {
  readonly name: string;
  readonly kind: LoopKind;
  /** `silent`: its daemon has not reported for a minute. */
  readonly state: 'ok' | 'failing' | 'dead' | 'silent';
  readonly error: string | null;
  readonly beat_at: Date;
}

/** The last report of each loop; where two daemons share the work, the better of theirs. */
export async function readBeats(pool: pg.Pool): Promise<Beat[]> {
  const { rows } = await pool.query<Beat>(
    `with judged as (
       select name, kind, error, beat_at,
         case
           when beat_at < clock_timestamp() - make_interval(secs => $1) then 'silent'
           else state
         end as state
       from mart.daemon_loop
     )
     select distinct on (name collate "C") name, kind, error, beat_at, state
     from judged
     order by name collate "C", array_position(array['ok', 'failing', 'dead', 'silent'], state),
       beat_at desc`,
    [SILENT_SECONDS],
  );
  return rows;
}
