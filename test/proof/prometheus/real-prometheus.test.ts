/**
 * Goal: what a real Prometheus answers comes to what hand arithmetic says. Method: `npm run test:prometheus`, where
 * the programs prometheus and promtool are installed (Debian: prometheus). A day of a synthetic exporter is written as
 * blocks, since closed hours take hours to scrape; the server, its queries, and all that follows are real.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createFolder } from '../../support/folder.ts';
import { testDatabase } from '../../support/postgres.ts';
import { collected, DAY_MS, paidMachine, utilisation } from '../../transforms/utilisation/world.ts';

const MINUTE_SECONDS = 60;
const MINUTES_OF_DAY = 1_440;
/** Between two full hours: whether a range includes its first instant differs between versions. */
const OFFSET_SECONDS = 30;
const START_TRIES_MAX = 200;

const METRICS = [
  {
    name: 'gpu_active',
    query: 'max by (host, gpu) (avg_over_time(gpu_busy[1h]))',
    measure: 'active',
    unit: 'percent',
    resource: { label: 'host', by: 'name' },
    device_label: 'gpu',
    backfill_days: 1,
  },
  {
    name: 'gpu_allocated',
    query: 'sum by (host) (avg_over_time(gpu_reserved[1h]))',
    measure: 'allocated',
    unit: 'gpus',
    resource: { label: 'host', by: 'name' },
    backfill_days: 1,
  },
];

/** GPU 0: busy until noon, without samples from 5:00 to 6:00. GPU 1: 25 and 75 % in turn. One reserved, two from 18:00 on. */
function exposition(): string {
  const samples = (name: string, labels: string, valueAt: (minute: number) => number | null) =>
    Array.from({ length: MINUTES_OF_DAY }, (_, minute) => {
      const value = valueAt(minute);
      const at = DAY_MS / 1_000 + minute * MINUTE_SECONDS + OFFSET_SECONDS;
      return value === null ? '' : `${name}{host="alpha:9400",${labels}} ${value} ${at}\n`;
    }).join('');
  return [
    '# TYPE gpu_busy gauge\n',
    samples('gpu_busy', 'gpu="0",job="one"', (minute) =>
      Math.floor(minute / 60) === 5 ? null : minute < 720 ? 100 : 0,
    ),
    samples('gpu_busy', 'gpu="1",job="one"', (minute) => (minute % 2 === 0 ? 25 : 75)),
    samples('gpu_busy', 'gpu="1",job="two"', (minute) => (minute % 2 === 0 ? 20 : 70)),
    '# TYPE gpu_reserved gauge\n',
    samples('gpu_reserved', 'job="scheduler"', (minute) => (minute < 1_080 ? 1 : 2)),
    '# EOF\n',
  ].join('');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function startPrometheus(folder: string): Promise<{ baseUrl: string; child: ChildProcess }> {
  const port = await freePort();
  await writeFile(path.join(folder, 'day.txt'), exposition());
  await writeFile(path.join(folder, 'prometheus.yml'), 'global: { scrape_interval: 1m }\n');
  const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', 'day.txt', 'data'];
  execFileSync('promtool', blocks, { cwd: folder, stdio: 'ignore' });
  const child = spawn(
    'prometheus',
    [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      '--storage.tsdb.retention.time=10y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const baseUrl = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < START_TRIES_MAX; tries += 1) {
    const isReady = await fetch(`${baseUrl}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return { baseUrl, child };
    await delay(100);
  }
  throw new Error('prometheus did not become ready');
}

test('a day in a real Prometheus comes to the hours and money of hand arithmetic', async () => {
  const folder = await createFolder();
  const { baseUrl, child } = await startPrometheus(folder.path);
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
    await folder.remove();
  });
  const { pool } = await testDatabase();
  await paidMachine(pool, { id: 'm-1', name: 'alpha', gpus: 2, cost: '96' });
  const swept = await collected(pool, { baseUrl }, METRICS);
  expect(swept).toMatchObject([
    { outcome: 'complete', landed: { records: 2 } },
    { outcome: 'complete', landed: { records: 1 } },
  ]);
  const [line] = await utilisation(pool);
  process.stdout.write(
    `${swept.map(({ slice, requests }) => `${slice}: ${requests} request`).join('\n')}\n${line}\n`,
  );
  // GPU 1: 12 h active. GPU 0: 11 h active and 1 h unknown before noon, then idle.
  // To noon 1.5 GPUs are active of 1 reserved: 0.5 free in 11 h; at 5:00 0.5 of 1 reserved, 0.5 idle, 1 unknown.
  // Noon to 18:00: 0.5 active, 0.5 of 1 reserved idle, 1 free. From 18:00: 0.5 active, 1.5 of 2 idle.
  // Active 23; idle 0.5 + 3 + 9 = 12.5; free 5.5 + 6 = 11.5; unknown 1. An hour of a GPU costs 2.
  expect(line).toBe('m-1: 23 + 12.5 + 11.5 + 1 h, 46 + 25 + 23 + 2 USD');

  const [failed] = await collected(pool, { baseUrl }, [
    { ...METRICS[0], name: 'broken', query: 'sum(' },
  ]);
  process.stdout.write(`${failed?.error}\n`);
  expect(failed).toMatchObject({
    outcome: 'failed',
    error: expect.stringContaining('parse error'),
  });
});
