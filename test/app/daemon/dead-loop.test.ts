/**
 * Goal: a loop that hangs for good is told from one that fails, health says so, and the process ends with
 * an error, so that whoever restarts it starts a new one. Method: the real daemon; a session that keeps
 * the table of the streams' locks, for which an account's round waits without end.
 */
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { CANARY, ObservedDaemon } from './observed-daemon.ts';

/** Two listings of 5 s, two probes of 30 s, and ten intervals of 10 s; a busy machine needs longer. */
const DEAD = { timeout: 400_000, interval: 250 };

vi.setConfig({ testTimeout: 900_000 });

let database: TestDatabase;
let folder: TemporaryFolder;
let observed: ObservedDaemon;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  observed = await ObservedDaemon.start(folder.path, { url: database.url });
});

afterEach(async () => {
  await observed.close();
  await database.close();
  await folder.remove();
});

test('an account whose round hangs is dead, the others go on, and the daemon ends to be restarted', async () => {
  await observed.expectWell();
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query('begin; lock table landing.stream_lock');
  const transforms = observed.daemon.logged('transformed').length;
  await expect.poll(() => observed.problems(), DEAD).toContain('account healthy: hangs');
  expect((await observed.daemon.healthz()).status).toBe('failed');
  expect(await observed.metric('loop_state', { loop: 'account healthy', state: 'dead' })).toBe(1);
  expect(await observed.metric('loop_state', { loop: 'transform', state: 'ok' })).toBe(1);
  expect(observed.daemon.logged('transformed').length).toBeGreaterThan(transforms + 2);
  await expect
    .poll(async () => (await observed.run('health')).stderr, DEAD)
    .toBe('error: the loop "account healthy" hangs\n');
  expect(await observed.daemon.ended).toBe(3);
  expect(observed.daemon.stderr).toMatch(
    /\nerror: the loop "account healthy" hangs: the daemon ends to be started again\n$/,
  );
  expect(observed.daemon.stderr).not.toContain(CANARY);
  await holder.end();
  observed.startAgain();
  await observed.expectWell();
});
