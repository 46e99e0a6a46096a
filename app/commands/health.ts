/**
 * `meterhouse health`: is the daemon at work? For the container's health check: the last transform
 * may be two intervals of its schedule old, no clock may be in the future, and no loop may hang. What
 * is broken outside (a provider, a receiver) is shown and is no reason to restart.
 */

import { CheckFailedError } from '../../foundation/errors.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { type Beat, readBeats } from '../daemon/beats.ts';
import { clockProblems, staleTransform } from '../daemon/judge-daemon.ts';
import { openDatabase } from '../database.ts';
import { table } from '../output.ts';

/** Throws CheckFailedError with all that is wrong, in one line. */
export async function healthCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const database = await openDatabase(configuration.database, 1);
  try {
    const { pool } = database;
    const known = new Set([
      'transform',
      'reports',
      ...configuration.accounts.map(({ id }) => `account ${id}`),
      ...configuration.channels.map(({ id }) => `messages ${id}`),
    ]);
    const loops = (await readBeats(pool)).filter(({ name }) => known.has(name));
    const problems = [
      ...(await clockProblems(pool, context.clock)),
      ...(await staleTransform(pool, configuration, context.clock)),
      ...loops.flatMap(problemOf),
    ];
    if (problems.length > 0) throw new CheckFailedError(problems.join('; '));
    const transformed_at = await lastTransform(pool);
    present(context, { transformed_at, loops }, () =>
      [
        `transformed at ${transformed_at}\n`,
        ...(loops.length === 0 ? [] : ['\n', loopTable(loops)]),
      ].join(''),
    );
  } finally {
    await database.close();
  }
}

function problemOf({ name, state, beat_at }: Beat): string[] {
  if (state === 'dead') return [`the loop "${name}" hangs`];
  if (state !== 'silent') return [];
  return [`the loop "${name}" has not reported since ${beat_at.toISOString()}`];
}

function loopTable(loops: readonly Beat[]): string {
  return table(loops, [
    { title: 'loop', value: (row) => row.name },
    { title: 'state', value: (row) => row.state },
    { title: 'reason', value: (row) => row.error ?? '' },
  ]);
}

async function lastTransform(pool: Awaited<ReturnType<typeof openDatabase>>['pool']) {
  const { rows } = await pool.query<{ clock_at: Date }>(
    'select clock_at from mart.transform_state',
  );
  return rows[0]?.clock_at.toISOString() ?? null;
}
