import pg from 'pg';
import { describe, expect, onTestFinished } from 'vitest';
import { it, stream } from './bench.ts';

const ONE = { body: { results: [{ id: 'a' }] } };

describe('two runners at once', () => {
  it('do the work once: the second is told that another one is at it', async ({
    api,
    runAt,
    landed,
    accountId,
  }) => {
    const gate = Promise.withResolvers<void>();
    const arrival = Promise.withResolvers<void>();
    api.route('/things', async () => {
      arrival.resolve();
      if (api.requests.length === 1) await gate.promise;
      return ONE;
    });
    api.route('/other', () => ONE);
    const first = runAt(1);
    await arrival.promise;
    expect(await runAt(1)).toBeNull();
    expect(api.requests).toHaveLength(1);
    // Neither another stream nor another account waits for it.
    const other = { id: 'acme.other', request: () => ({ path: '/other' }) };
    expect(await runAt(1, { stream: stream(other) })).toHaveLength(1);
    const sameStream = { ...stream({ request: other.request }), id: 'acme.thing' };
    expect(await runAt(1, { accountId: `${accountId}-b`, stream: sameStream })).toHaveLength(1);
    gate.resolve();
    expect(await first).toMatchObject([{ outcome: 'complete' }]);
    expect((await landed.sweeps()).map(({ hour, outcome }) => [hour, outcome])).toEqual([
      [1, 'complete'],
      [1, 'complete'],
    ]);
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
    expect(await landed.changes()).toEqual(['new a']);
  });

  it('of many, one at a time, double nothing', async ({ api, runAt, landed }) => {
    api.route('/things', () => ({ ...ONE, delayMs: 5 }));
    const runs = await Promise.all(Array.from({ length: 8 }, () => runAt(1)));
    expect(runs.filter((run) => run !== null)).not.toEqual([]);
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
    expect(await landed.changes()).toEqual(['new a']);
    expect(await runAt(2)).toHaveLength(1);
  });
});

describe('while the provider is asked', () => {
  it('no database connection is held: more slow streams than connections all go on', async ({
    api,
    runAt,
    database,
    accountId,
    connect,
  }) => {
    const streams = 14;
    expect(database.pool.options.max).toBeLessThan(streams);
    const arrivals = Promise.withResolvers<void>();
    api.route('/things', async () => {
      if (api.requests.length === streams) arrivals.resolve();
      await arrivals.promise; // nobody is answered before all have asked
      return ONE;
    });
    const accounts = Array.from({ length: streams }, (_, index) => `${accountId}-${index}`);
    const runs = accounts.map((account) => runAt(1, { accountId: account, client: connect() }));
    for (const run of await Promise.all(runs)) {
      expect(run).toMatchObject([{ outcome: 'complete' }]);
    }
  });

  it('the database may lose every session: the sweep lands', async ({
    api,
    runAt,
    database,
    landed,
  }) => {
    api.route('/things', async () => {
      const idle = database.pool.idleCount;
      expect(idle).toBe(database.pool.totalCount);
      const gone = untilRemoved(database.pool, idle);
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query(
        `select pg_terminate_backend(pid, 10000) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );
      await client.end();
      await gone;
      return ONE;
    });
    expect(await runAt(1)).toMatchObject([{ outcome: 'complete' }]);
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
  });
});

describe('a run that dies', () => {
  const lockOf = async (pool: pg.Pool, accountId: string) => {
    const { rows } = await pool.query<{ holder: string; seconds: number }>(
      `select holder, extract(epoch from expires_at - clock_timestamp())::integer as seconds
       from landing.stream_lock where account_id = $1`,
      [accountId],
    );
    return rows;
  };

  it('frees its stream within a minute, and what it had read goes with it', async ({
    api,
    runAt,
    database: { pool },
    accountId,
  }) => {
    api.route('/things', () => ONE);
    await pool.query(
      `insert into landing.stream_lock values ($1, 'acme.thing', 'dead-' || $1, clock_timestamp() + interval '60 s')`,
      [accountId],
    );
    await pool.query(`insert into landing.incoming_page values ('dead-' || $1, 0, '{}', '[]')`, [
      accountId,
    ]);
    expect(await runAt(1)).toBeNull();
    await pool.query(
      `update landing.stream_lock set expires_at = clock_timestamp() where account_id = $1`,
      [accountId],
    );
    expect(await runAt(1)).toMatchObject([{ outcome: 'complete' }]);
    expect(await lockOf(pool, accountId)).toEqual([]);
    const { rows } = await pool.query(
      `select holder from landing.incoming_page where holder = 'dead-' || $1`,
      [accountId],
    );
    expect(rows).toEqual([]);
  });

  it('has promised no more than a minute', async ({
    api,
    runAt,
    database: { pool },
    accountId,
  }) => {
    const locks: number[] = [];
    api.route('/things', async () => {
      locks.push(...(await lockOf(pool, accountId)).map(({ seconds }) => seconds));
      return ONE;
    });
    await runAt(1);
    expect(locks).toHaveLength(1);
    expect(locks[0]).toBeLessThanOrEqual(60);
  });

  it('and wakes again lands nothing beside the run that took its place', async ({
    api,
    runAt,
    landed,
    database: { pool },
    accountId,
  }) => {
    const answers = [ONE, { body: { results: [] } }, { body: { results: [] } }];
    for (const [hour, answer] of answers.entries()) {
      api.route('/things', async () => {
        await pool.query(
          `update landing.stream_lock set holder = 'next-' || $1 where account_id = $1`,
          [accountId],
        );
        return answer;
      });
      expect(await runAt(hour)).toBeNull();
      await pool.query('delete from landing.stream_lock where account_id = $1', [accountId]);
    }
    expect(await landed.versions()).toEqual([]);
    expect(await landed.sweeps()).toEqual([]);
  });
});

/** Resolves when so many connections have left the pool. */
function untilRemoved(pool: pg.Pool, connections: number): Promise<void> {
  const gone = Promise.withResolvers<void>();
  let left = connections;
  const take = () => {
    left -= 1;
    if (left === 0) gone.resolve();
  };
  pool.on('remove', take);
  onTestFinished(() => {
    pool.off('remove', take);
  });
  return gone.promise;
}
