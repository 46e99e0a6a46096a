/**
 * No run may write with a clock that is ahead of the database's: what is posted at a later instant
 * keeps everything earlier out until that instant comes.
 */
import type pg from 'pg';
import { UsageError } from '../foundation/errors.ts';
import { type Clock, machineClock } from './clock.ts';
import type { Logger } from './log.ts';

/** Machines that follow a time server differ by far less. */
export const AHEAD_MS_MAX = 5 * 60_000;

/** By how many milliseconds the clock is ahead of the database's own; below 0 it is behind. */
export async function msAhead(pool: pg.Pool, clock: Clock): Promise<number> {
  const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now');
  return clock.nowMs() - (rows[0]?.now.getTime() ?? 0);
}

/**
 * Throws UsageError when the clock is more than five minutes ahead of the database's, unless the run
 * is simulated or forced; a forced one says in the log what it does.
 */
export async function refuseClockAhead(pool: pg.Pool, clock: Clock, log?: Logger): Promise<void> {
  if (clock.isSimulated === true) return;
  const aheadMs = await msAhead(pool, clock);
  if (aheadMs <= AHEAD_MS_MAX) return;
  const at = new Date(clock.nowMs()).toISOString();
  const what = `${at} is ${duration(aheadMs)} ahead of the database's clock`;
  const effect = `sweeps and charges get that instant, and nothing earlier is accepted after them until \`meterhouse rewind\` takes them back`;
  if (clock === machineClock) {
    throw new UsageError(
      `the clock of this machine, ${what}: set the wrong one of the two clocks right (for example with NTP)`,
    );
  }
  if (clock.isForced !== true)
    throw new UsageError(`--now ${what}: ${effect}; with --force it is done`);
  log?.warn({ ahead_ms: aheadMs }, `--now ${what}: ${effect}`);
}

/** Two significant units at most are of use to a person: `3 min`, `5 h`, `12 d`. */
export function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(ms / 3_600_000);
  return hours < 96 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
