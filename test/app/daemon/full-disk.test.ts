/**
 * Goal: a full disk stops the meter only for as long as it is full. Method: the real daemon, a server
 * whose whole cluster (tables and write-ahead log) is on a tmpfs of its own, filled to the last byte.
 * PostgreSQL ends by itself when it cannot write its log, and starts again when there is space. Where
 * mounting is not permitted the tests are skipped, and say so.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, type TestContext, test, vi } from 'vitest';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { ObservedDaemon, RECOVERY } from './observed-daemon.ts';
import { OwnServer } from './own-server.ts';
import { SmallDisk } from './small-disk.ts';

const DISK_MEGABYTES = 400;
/** Longer than two intervals of every schedule. */
const FULL_MS = 25_000;

vi.setConfig({ testTimeout: 900_000 });

let folder: TemporaryFolder;
let disk: SmallDisk | null;
let server: OwnServer | null;
let observed: ObservedDaemon | null;

beforeEach(async () => {
  folder = await createFolder();
  disk = SmallDisk.mount(`${folder.path}/disk`, DISK_MEGABYTES);
  server = null;
  observed = null;
});

afterEach(async () => {
  await observed?.close();
  await server?.stop();
  disk?.unmount();
  await folder.remove();
});

function mounted(context: TestContext): SmallDisk {
  if (disk === null)
    context.skip('a tmpfs cannot be mounted here, and no other disk can be filled');
  return disk as SmallDisk;
}

/** Fills the disk, watches what the daemon says while it is full, and frees it. */
async function fillForAWhile(small: SmallDisk, daemon: ObservedDaemon): Promise<void> {
  await small.fill();
  await expect
    .poll(() => daemon.problems(), RECOVERY)
    .toMatch(/could not (extend|write)|No space left on device|the database does not answer/);
  await sleep(FULL_MS);
  await small.fill();
  await expect.poll(async () => (await daemon.daemon.healthz()).status, RECOVERY).toBe('failed');
  expect((await daemon.run('health')).exitCode).not.toBe(0);
  await small.free();
}

test('a server of its own on a full disk is named, and come back to', async (context) => {
  const small = mounted(context);
  server = await OwnServer.start(`${small.path}/server`);
  observed = await ObservedDaemon.start(folder.path, { url: server.url });
  await observed.expectWell();
  await fillForAWhile(small, observed);
  await server.startAgain();
  await observed.expectWell();
  observed.expectCleanLog();
});

test('the embedded server on a full disk is named, and started again by the daemon', async (context) => {
  const small = mounted(context);
  observed = await ObservedDaemon.start(folder.path, { folder: `${small.path}/postgres` });
  await observed.expectWell();
  await fillForAWhile(small, observed);
  await observed.expectWell();
  observed.expectCleanLog();
});
