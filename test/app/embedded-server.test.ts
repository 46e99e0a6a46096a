/**
 * Goal: the embedded PostgreSQL is shared by the processes that name its folder, keeps its data, and
 * outlives none of them, however they end. Method: real processes, one of them killed.
 */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openDatabase, withDatabaseRetry } from '../../app/database.ts';
import { startEmbeddedServer } from '../../app/postgres/embedded-server.ts';
import { temporaryFolder } from '../support/cli.ts';

const MODULE = path.resolve(import.meta.dirname, '../../app/postgres/embedded-server.ts');

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Whether a server listens on a port of this machine. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

test('data survives a restart, and an orderly end leaves no server', async () => {
  const folder = await temporaryFolder();
  const first = await startEmbeddedServer({ folder, isDurable: false });
  await query(first.url('postgres'), 'create table kept as select 42 as value');
  await first.release();
  expect(await listens(first.port)).toBe(false);
  const second = await startEmbeddedServer({ folder, isDurable: false });
  expect(await query(second.url('postgres'), 'select value from kept')).toEqual([{ value: 42 }]);
  await second.release();
});

test('several starters share one server; it ends with the last of them', async () => {
  const folder = await temporaryFolder();
  const servers = await Promise.all(
    Array.from({ length: 4 }, () => startEmbeddedServer({ folder, isDurable: false })),
  );
  expect(new Set(servers.map((server) => server.port)).size).toBe(1);
  const [last, ...others] = servers;
  for (const server of others) await server.release();
  expect(await listens(last?.port ?? 0)).toBe(true);
  await last?.release();
  expect(await listens(last?.port ?? 0)).toBe(false);
});

test('a killed owner leaves no server running', async () => {
  const folder = await temporaryFolder();
  const script = `import { startEmbeddedServer } from ${JSON.stringify(MODULE)};
    const { port } = await startEmbeddedServer({
      folder: ${JSON.stringify(folder)}, isDurable: false });
    process.stdout.write(String(port));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve) => {
    owner.stdout.once('data', (text) => resolve(Number(text)));
  });
  expect(await listens(port)).toBe(true);
  owner.kill('SIGKILL');
  const LOOKS_MAX = 150; // the watchdog looks once a second and waits for five idle looks
  for (let look = 0; look < LOOKS_MAX && (await listens(port)); look += 1) await sleep(200);
  expect(await listens(port)).toBe(false);
});

test('a server that died is started again by whoever uses it, with what was committed', async () => {
  const folder = await temporaryFolder();
  const database = await openDatabase({ kind: 'embedded', folder });
  await database.pool.query('create table kept as select 42 as value');
  const pidFile = path.join(folder, 'cluster', 'postmaster.pid');
  const serverPid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
  process.kill(serverPid, 'SIGKILL');
  const read = () =>
    withDatabaseRetry(() => database.pool.query('select value from kept'), {
      signal: new AbortController().signal,
      onFailure: () => undefined,
      delayMsMin: 10,
    });
  const pidNow = async () => Number.parseInt(await readFile(pidFile, 'utf8'), 10);
  const LOOKS_MAX = 500; // a session lives on until it notices that its server is gone
  for (let look = 0; look < LOOKS_MAX && (await pidNow()) === serverPid; look += 1) {
    expect((await read()).rows).toEqual([{ value: 42 }]);
    await sleep(20);
  }
  expect(await pidNow()).not.toBe(serverPid);
  expect((await read()).rows).toEqual([{ value: 42 }]);
  await database.close();
});

test('data of another major version of PostgreSQL is refused, with what to do', async () => {
  const folder = await temporaryFolder();
  await (await startEmbeddedServer({ folder, isDurable: false })).release();
  await writeFile(path.join(folder, 'cluster', 'PG_VERSION'), '14\n');
  await expect(startEmbeddedServer({ folder, isDurable: false })).rejects.toThrow(
    /^the data in .* is of PostgreSQL 14, and the embedded one is version \d+: run backup with the version of Meterhouse that made it, and restore into a new folder$/,
  );
});
