/**
 * `meterhouse health`: is the daemon at work? For the container's health check: the last transform
 * may be two intervals of its schedule old, so that one late round is no alarm.
 */

import { CheckFailedError } from '../../foundation/errors.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { openDatabase } from '../database.ts';
import { intervalMs } from '../due-streams.ts';
import { TRANSFORM_SCHEDULE } from './up.ts';

/** Throws CheckFailedError when the warehouse has not been brought up to date for too long. */
export async function healthCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const expression = configuration.schedules.get('transform') ?? TRANSFORM_SCHEDULE;
  const transformedAt = await lastTransform(configuration.database);
  if (transformedAt === null) throw new CheckFailedError('nothing was transformed yet');
  const ageMs = context.clock.nowMs() - transformedAt.getTime();
  const transformed_at = transformedAt.toISOString();
  if (ageMs > 2 * intervalMs(expression)) {
    throw new CheckFailedError(`the last transform was at ${transformed_at}`);
  }
  present(context, { transformed_at }, () => `transformed at ${transformed_at}\n`);
}

async function lastTransform(location: Parameters<typeof openDatabase>[0]): Promise<Date | null> {
  const database = await openDatabase(location, 1);
  try {
    const { rows } = await database.pool.query<{ clock_at: Date }>(
      'select clock_at from mart.transform_state',
    );
    return rows[0]?.clock_at ?? null;
  } finally {
    await database.close();
  }
}
