/**
 * Goal: a database server that is killed stops the meter only for as long as it is away. Method: the
 * real daemon, a server of the test's own, SIGKILL.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { ObservedDaemon, RECOVERY } from './observed-daemon.ts';
import { OwnServer, postmasterPid } from './own-server.ts';

/** Longer than two intervals of every schedule. */
const AWAY_MS = 25_000;

vi.setConfig({ testTimeout: 600_000 });

let folder: TemporaryFolder;
let server: OwnServer | null;
let observed: ObservedDaemon;

beforeEach(async () => {
  folder = await createFolder();
  server = null;
});

afterEach(async () => {
  await observed?.close();
  await server?.stop();
  await folder.remove();
});

test('a server of its own that is killed is named as away, and come back to', async () => {
  server = await OwnServer.start(`${folder.path}/server`);
  observed = await ObservedDaemon.start(folder.path, { url: server.url });
  await observed.expectWell();
  await server.kill();
  await expect.poll(() => observed.problems(), RECOVERY).toContain('the database does not answer');
  expect((await observed.daemon.healthz()).status).toBe('failed');
  expect(await observed.metric('database_up')).toBe(0);
  expect(await observed.metric('stream_lag_seconds')).toBeNull(); // no figure is better than an old one
  expect(await observed.run('health')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^error: cannot reach the database at [^\n]+\n$/),
  });
  await sleep(AWAY_MS);
  expect((await observed.daemon.healthz()).status).toBe('failed');
  await server.startAgain();
  await observed.expectWell();
  observed.expectCleanLog();
});

test('the embedded server, killed, is started again by the daemon', async () => {
  const database = `${folder.path}/postgres`;
  observed = await ObservedDaemon.start(folder.path, { folder: database });
  await observed.expectWell();
  const killed = await postmasterPid(database);
  process.kill(killed, 'SIGKILL');
  await expect.poll(() => postmasterPid(database).catch(() => killed), RECOVERY).not.toBe(killed);
  await observed.expectWell();
  observed.expectCleanLog();
});
