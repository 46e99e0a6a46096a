/**
 * Goal: what is paid for idle GPUs is what the simulator says by its own arithmetic. Method: simulated rentals
 * and a simulated server of metrics over real HTTP, lived through for days; machine and day are compared, to
 * the millionth of a dollar that the provider's own sums have.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SteppedClock } from '../../../app/clock.ts';
import { readConfiguration } from '../../../app/config.ts';
import { liveThrough } from '../../../app/demo/live-through.ts';
import { silentLogger } from '../../../app/log.ts';
import { Pipeline } from '../../../app/pipeline.ts';
import { nano } from '../../../simulator/decimal.ts';
import { serveProvider } from '../../../simulator/http-server.ts';
import {
  SIMULATED_GPU_QUERY,
  SimulatedPrometheus,
} from '../../../simulator/prometheus/prometheus.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { SimulatedVoltagePark } from '../../../simulator/voltage-park/voltage-park.ts';
import { createFolder } from '../../support/folder.ts';
import { testDatabase } from '../../support/postgres.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 8, 7);
const END_MS = START_MS + 3 * DAY_MS;
const NOW_MS = END_MS + DAY_MS / 2;
/** The provider rounds the sum of each charge to a millionth, and a day's cost is a part of that sum. */
const MICRO_IN_NANO = 1_000n;

test('idle money is the same by machine and day', async () => {
  const world = new VirtualClock(START_MS);
  const rented = new SimulatedVoltagePark(
    { seed: 'use', startMs: START_MS, endMs: END_MS + 2 * DAY_MS, scale: 1, clock: world },
    { token: 'test-token' },
  );
  const watched = new SimulatedPrometheus('use', rented.gpuMachines(), world, 'test-metrics');
  const servers = [await serveProvider(rented, 0), await serveProvider(watched, 0)];
  const folder = await createFolder();
  const { url, pool } = await testDatabase();
  const file = path.join(folder.path, 'meterhouse.yaml');
  const configured = {
    reporting_currency: 'USD',
    accounts: [
      {
        id: 'rented',
        provider: 'voltage-park',
        base_url: servers[0]?.url,
        credentials: { token: 'test-token' },
      },
      {
        id: 'watched',
        provider: 'prometheus',
        base_url: servers[1]?.url,
        credentials: { token: 'test-metrics' },
        metrics: [
          {
            name: 'gpu_active',
            query: SIMULATED_GPU_QUERY,
            measure: 'active',
            unit: 'percent',
            resource: { label: 'rental', by: 'id' },
            device_label: 'gpu',
          },
        ],
      },
    ],
    http: { requests_per_second: 100_000 },
  };
  await writeFile(file, JSON.stringify(configured));
  const configuration = await readConfiguration(file, {});
  const clock = new SteppedClock(START_MS);
  const pipeline = await Pipeline.open(
    { ...configuration, database: { kind: 'url', url } },
    clock,
    silentLogger,
  );
  onTestFinished(async () => {
    await pipeline.close();
    for (const server of servers) await server.close();
    await folder.remove();
  });
  const { failures } = await liveThrough({
    pipeline,
    clock,
    advanceWorld: (toMs) => world.advanceTo(toMs),
    fromMs: START_MS,
    toMs: NOW_MS,
    transformSchedule: '30 */12 * * *',
    signal: new AbortController().signal,
    onStep: () => undefined,
  });
  expect(failures).toEqual([]);
  expect(await pipeline.refreshReports(new Set(['utilisation']))).toEqual([]);
  const { rows } = await pool.query<Record<'line' | 'active' | 'idle' | 'unknown', string>>(
    `select concat_ws(' ', usage_date, resource_id) as line, active_cost as active,
       allocated_idle_cost as idle, unknown_cost as unknown
     from mart.fct_utilisation_daily as daily
     where usage_date >= $1 and usage_date < $2 and active_cost + allocated_idle_cost <> 0
     order by usage_date, resource_id collate "C"`,
    [new Date(START_MS).toISOString(), new Date(END_MS).toISOString()],
  );
  const theirs = watched
    .use(START_MS, END_MS)
    .map(
      (day) =>
        [`${day.day} ${day.machineId}`, day.activeNano, day.idleNano, day.unknownNano] as const,
    )
    .sort();
  const ours = rows.map(
    (row) => [row.line, nano(row.active), nano(row.idle), nano(row.unknown)] as const,
  );
  expect(ours.map(([line]) => line)).toEqual(theirs.map(([line]) => line));
  const apart = ours.filter(([, ...parts], index) =>
    parts.some((part, place) => {
      const difference = part - (theirs[index]?.[place + 1] as bigint);
      return difference > MICRO_IN_NANO || difference < -MICRO_IN_NANO;
    }),
  );
  expect(ours.length).toBeGreaterThan(10);
  expect(apart).toEqual([]);
}, 60_000);
