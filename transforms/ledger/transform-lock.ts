/** One transform, close or rebuild at a time, whichever process runs it. */
import type pg from 'pg';
import { DatabaseError } from '../../foundation/errors.ts';
import { inTransaction } from '../../foundation/sql/transaction.ts';

/** A lock was not got within the session's `lock_timeout`. */
const LOCK_NOT_AVAILABLE = '55P03';

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

/**
 * Waits until no other transaction transforms, closes or rebuilds; holds until this one ends. A row,
 * since anyone who may read the marts could take a lock that is a number. Throws DatabaseError when
 * the other takes longer than the session waits for locks.
 */
export async function lockTransforms(connection: pg.ClientBase): Promise<void> {
  try {
    await connection.query(`select from meterhouse.lock where name = 'transform' for update`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== LOCK_NOT_AVAILABLE) throw error;
    throw new DatabaseError(
      'another process has been transforming, closing or rebuilding for longer than this one waits: try again when it is done',
      { cause: error },
    );
  }
}
