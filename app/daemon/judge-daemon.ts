/** Whether the daemon does its work: all its loops, the last transform, and its clock. */
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { AHEAD_MS_MAX, duration, msAhead } from '../clock-guard.ts';
import type { Configuration } from '../config.ts';
import { intervalMs } from '../due-streams.ts';
import type { Daemon } from './daemon.ts';
import type { LoopState } from './loop.ts';
import { TRANSFORM_SCHEDULE } from './transform-rounds.ts';

/** A database that has not answered by then counts as away. */
const ANSWER_MS_MAX = 5_000;

export interface DaemonJudgement {
  /** `degraded`: something outside is broken, and what can go on goes on. `failed`: it does not work. */
  readonly status: 'ok' | 'degraded' | 'failed';
  /** Why it is not `ok`, a sentence each. */
  readonly problems: readonly string[];
  readonly loops: readonly LoopState[];
}

export async function judgeDaemon(daemon: Daemon, clock: Clock): Promise<DaemonJudgement> {
  const loops = daemon.states();
  const dead = loops.filter(({ state }) => state === 'dead').map(({ name }) => `${name}: hangs`);
  const failing = loops
    .filter(({ state }) => state === 'failing')
    .map(({ name, error }) => `${name}: ${error}`);
  const { pool } = daemon.pipeline.warehouse;
  const { configuration } = daemon.pipeline;
  const wrong = await inTime(
    Promise.all([clockProblems(pool, clock), staleTransform(pool, configuration, clock)]),
  ).then(
    (found) => found.flat(),
    (error: unknown) => [
      `the database does not answer: ${error instanceof Error ? error.message : String(error)}`,
    ],
  );
  const fatal = [...dead, ...wrong];
  return {
    status: fatal.length > 0 ? 'failed' : failing.length > 0 ? 'degraded' : 'ok',
    problems: [...fatal, ...failing],
    loops,
  };
}

/** Clocks, watermarks and transforms that are later than the database's own clock. */
export async function clockProblems(pool: pg.Pool, clock: Clock): Promise<string[]> {
  if (clock.isSimulated === true) return [];
  const problems: string[] = [];
  const aheadMs = await msAhead(pool, clock);
  if (aheadMs > AHEAD_MS_MAX) {
    problems.push(
      `the clock ${new Date(clock.nowMs()).toISOString()} is ${duration(aheadMs)} ahead of the database's`,
    );
  }
  const { rows } = await pool.query<{ what: string; latest: Date }>(
    `select 'the last transform' as what, clock_at as latest from mart.transform_state
     union all
     select 'the last sweep of ' || account_id || ' ' || stream, max(complete_at)
     from landing.watermark
     group by account_id, stream
     order by what`,
  );
  const limitMs = clock.nowMs() - aheadMs + AHEAD_MS_MAX;
  const late = rows.filter(({ latest }) => latest.getTime() > limitMs);
  const [first] = late;
  if (first !== undefined) {
    const others = late.length === 1 ? '' : ` (and ${late.length - 1} more)`;
    problems.push(
      `${first.what}${others} is at ${first.latest.toISOString()}, in the future: nothing earlier is accepted; take it back with \`meterhouse rewind --to INSTANT\``,
    );
  }
  return problems;
}

/** The last transform may be two intervals of its schedule old, so that one late round is no alarm. */
export async function staleTransform(
  pool: pg.Pool,
  { schedules }: Configuration,
  clock: Clock,
): Promise<string[]> {
  const { rows } = await pool.query<{ clock_at: Date }>(
    'select clock_at from mart.transform_state',
  );
  const at = rows[0]?.clock_at;
  if (at === undefined) return ['nothing was transformed yet'];
  const ageMs = clock.nowMs() - at.getTime();
  const interval = intervalMs(schedules.get('transform') ?? TRANSFORM_SCHEDULE);
  return ageMs > 2 * interval ? [`the last transform was at ${at.toISOString()}`] : [];
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ANSWER_MS_MAX} ms`)), ANSWER_MS_MAX);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
