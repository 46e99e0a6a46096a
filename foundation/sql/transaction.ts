import type pg from 'pg';

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (connection: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch(() => undefined); // the first error is the news
    throw error;
  } finally {
    connection.release();
  }
}

/** Runs `work` in a transaction that is always rolled back: for what is only tried. */
export async function afterwardsUndone<Result>(
  pool: pg.Pool,
  work: (connection: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    return await work(connection);
  } finally {
    await connection.query('rollback');
    connection.release();
  }
}
