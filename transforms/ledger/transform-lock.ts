/** One transform, close or rebuild at a time, whichever process runs it. */
import type pg from 'pg';
import { inTransaction } from '../../foundation/sql/transaction.ts';

/** Serialises transforms between processes; an arbitrary constant of this project. */
const TRANSFORM_LOCK = 7_120_003;

/** One transaction that no transform, close or rebuild of another process runs beside. */
export function underTransformLock<Result>(
  pool: pg.Pool,
  work: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  return inTransaction(pool, async (connection) => {
    await lockTransforms(connection);
    return work(connection);
  });
}

/** Waits until no other transaction transforms, closes or rebuilds; holds until this one ends. */
export async function lockTransforms(connection: pg.ClientBase): Promise<void> {
  await connection.query('select pg_advisory_xact_lock($1)', [TRANSFORM_LOCK]);
}
