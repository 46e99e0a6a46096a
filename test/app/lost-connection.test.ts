/**
 * Goal: a connection that is refused, reset, silent or cut off is an error that says so and that a
 * long-running process outlives. Method: a real server behind a proxy that misbehaves.
 */
import { expect, inject, onTestFinished, test } from 'vitest';
import { type Database, openDatabase, withDatabaseRetry } from '../../app/database.ts';
import { SilenceWatch } from '../../app/postgres/silence.ts';
import { WarehouseClient } from '../../app/postgres/warehouse-client.ts';
import { DatabaseUnavailableError } from '../../foundation/errors.ts';
import { moodyProxy } from '../support/moody-proxy.ts';
import { administer } from '../support/odd-database.ts';

const LOST =
  /^the connection to the database at 127.0.0.1:\d+\/postgres failed: ((read|write) ECONNRESET|write EPIPE|Connection terminated unexpectedly|connect ECONNREFUSED 127.0.0.1:\d+)$/;

async function opened(url: string): Promise<Database> {
  const database = await openDatabase({ kind: 'url', url });
  onTestFinished(() => database.close());
  return database;
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

test('a reset connection and a refused one are DatabaseUnavailableErrors with one line', async () => {
  const proxy = await moodyProxy(inject('postgresUrl'));
  const { pool } = await opened(proxy.url);
  const waiting = failureOf(pool.query('select pg_sleep(30)'));
  await pool.query('select');
  await proxy.leave();
  const [lost, refused] = [await waiting, await failureOf(pool.query('select'))];
  for (const error of [lost, refused]) {
    expect(error).toBeInstanceOf(DatabaseUnavailableError);
    expect((error as Error).message).toMatch(LOST);
  }
});

test('what was away for a while is tried again with one line for each failure, and then goes on', async () => {
  const proxy = await moodyProxy(inject('postgresUrl'));
  const { pool } = await opened(proxy.url);
  await proxy.leave();
  const lines: string[] = [];
  const done = withDatabaseRetry(() => pool.query('select 42 as answer'), {
    signal: new AbortController().signal,
    delayMsMin: 5,
    onFailure: (error) => {
      lines.push(error.message);
      if (lines.length === 3) void proxy.comeBack();
    },
  });
  expect((await done).rows).toEqual([{ answer: 42 }]);
  expect(lines.length).toBeGreaterThanOrEqual(3);
  for (const line of lines) expect(line).toMatch(LOST);
});

test('an error that is no lost connection is not tried again', async () => {
  const { pool } = await opened(inject('postgresUrl'));
  let attempts = 0;
  const failed = withDatabaseRetry(
    () => {
      attempts += 1;
      return pool.query('select nothing_of_that_name');
    },
    { signal: new AbortController().signal, onFailure: () => undefined },
  );
  await expect(failed).rejects.toThrow('nothing_of_that_name');
  expect(attempts).toBe(1);
});

test('waiting for the database ends when the process is told to stop', async () => {
  const proxy = await moodyProxy(inject('postgresUrl'));
  const { pool } = await opened(proxy.url);
  await proxy.leave();
  const stop = new AbortController();
  const failed = withDatabaseRetry(() => pool.query('select'), {
    signal: stop.signal,
    onFailure: () => stop.abort(),
  });
  await expect(failed).rejects.toBeInstanceOf(DatabaseUnavailableError);
  await proxy.comeBack();
});

test('a session that the server ends is worth another try', async () => {
  const url = inject('postgresUrl');
  const { pool } = await opened(url);
  let attempts = 0;
  const answer = await withDatabaseRetry(
    async () => {
      attempts += 1;
      const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
      if (attempts > 1) return 'done';
      const waiting = pool.query('select pg_sleep(30)');
      await Promise.all([waiting, administer(url, `select pg_terminate_backend(${rows[0]?.pid})`)]);
      return 'not cut off';
    },
    { signal: new AbortController().signal, onFailure: () => undefined, delayMsMin: 1 },
  );
  expect([answer, attempts]).toEqual(['done', 2]);
});

/** A client behind a proxy, and a watch that looks often. */
async function watched(proxyUrl: string, probeUrl: string) {
  const address = { description: 'there' };
  const client = new WarehouseClient(address, { connectionString: proxyUrl });
  await client.connect();
  const watch = new SilenceWatch({
    newClient: () =>
      new WarehouseClient(address, {
        connectionString: probeUrl,
        connectionTimeoutMillis: 300,
        query_timeout: 300,
      }),
    lookEveryMs: 20,
    silentForMs: 100,
  });
  watch.add(client);
  onTestFinished(async () => {
    watch.stop();
    client.cut('the test is over');
  });
  return client;
}

test('a statement that waits on a silent connection fails, when nobody else is answered either', async () => {
  const proxy = await moodyProxy(inject('postgresUrl'));
  const client = await watched(proxy.url, proxy.url);
  proxy.silence();
  await expect(client.query('select')).rejects.toThrow(
    'the connection to the database at there failed: Connection terminated: the server does not answer',
  );
});

test('and when the server says that it works on nothing of ours', async () => {
  const proxy = await moodyProxy(inject('postgresUrl'));
  const client = await watched(proxy.url, inject('postgresUrl'));
  proxy.silence();
  await expect(client.query('select')).rejects.toThrow(
    'Connection terminated: the server is not at work on what is waited for',
  );
});

test('a statement that takes long is left alone', async () => {
  const proxy = await moodyProxy(inject('postgresUrl'));
  const client = await watched(proxy.url, inject('postgresUrl'));
  const { rows } = await client.query('select pg_sleep(1.5), 1 as done');
  expect(rows[0].done).toBe(1);
});
