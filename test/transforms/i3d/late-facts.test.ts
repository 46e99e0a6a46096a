/**
 * Goal: a fact that comes late reaches as far back as it must. Method: days are posted, then the fact
 * lands; the ledger must say what a hand count says, and a recomputation of everything must find
 * nothing to change.
 */
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { standing, transform } from './ledger.ts';
import {
  CLOUD,
  CONTRACT,
  land,
  POOL,
  report,
  type Server,
  serverRecord,
  type Vm,
  vmRecord,
} from './warehouse.ts';

let pool: pg.Pool;
let lastMs = 0;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

afterEach(async () => {
  expect(await transform(pool, lastMs, true)).toMatchObject({
    chargesPosted: 0,
    chargesReversed: 0,
    accrualsWritten: 0,
  });
});

async function servers(at: string, ...listed: Server[]): Promise<void> {
  await land(pool, 'flexmetal.servers', at, listed.map(serverRecord));
  await transformAt(at);
}

async function vms(at: string, ...listed: Vm[]): Promise<void> {
  await land(pool, 'flexvm.vms', at, listed.map(vmRecord), CLOUD);
  await transformAt(at);
}

async function transformAt(at: string): Promise<void> {
  lastMs = Date.parse(at);
  await transform(pool, lastMs);
}

/** Hours per `meter day` of one resource. */
async function hoursOf(resource: string): Promise<Record<string, number>> {
  const entries = [...(await standing(pool))]
    .filter(([key]) => key.startsWith(`${resource} `))
    .map(([key, { hours }]): [string, number] => [key.slice(resource.length + 1), hours]);
  return Object.fromEntries(entries.sort());
}

// The look of 23:50 lost the machines, that of 02:10 has them back: the end that was posted for the
// day before is taken back. Blocks at :20, 14 of them on the 25th from 10:20.
test('a machine that was lost over midnight and found again ran all the time', async () => {
  const server = { uuid: 's1', deliveredAt: '2026-10-25T10:20:00Z' };
  const vm = { id: 'v1', createdAt: '2026-10-25T10:20:00Z' };
  await servers('2026-10-25T22:00:00Z', server);
  await vms('2026-10-25T22:00:00Z', vm);
  await servers('2026-10-25T23:10:00Z');
  await vms('2026-10-25T23:10:00Z');
  expect(await hoursOf('s1')).toEqual({ 'server-hours 2026-10-25': 13 });
  await transformAt('2026-10-26T01:00:00Z');
  await servers('2026-10-26T02:10:00Z', server);
  await vms('2026-10-26T02:10:00Z', vm);
  expect(await hoursOf('s1')).toEqual({
    'server-hours 2026-10-25': 14,
    'server-hours 2026-10-26': 2,
  });
  expect(await hoursOf('v1')).toEqual({ 'vm-hours 2026-10-25': 14, 'vm-hours 2026-10-26': 2 });
});

test('a delivery that is restated two days later moves the first day', async () => {
  await servers('2026-10-25T12:00:00Z', { uuid: 's1', deliveredAt: '2026-10-25T10:20:00Z' });
  await transformAt('2026-10-27T11:00:00Z');
  await servers('2026-10-27T12:00:00Z', { uuid: 's1', deliveredAt: '2026-10-25T20:20:00Z' });
  expect(await hoursOf('s1')).toEqual({
    'server-hours 2026-10-25': 4,
    'server-hours 2026-10-26': 24,
    'server-hours 2026-10-27': 12,
  });
});

test('a server that fails after all owes nothing', async () => {
  await servers('2026-10-25T12:00:00Z', { uuid: 's1', deliveredAt: '2026-10-25T10:20:00Z' });
  await transformAt('2026-10-26T11:00:00Z');
  await servers('2026-10-26T12:00:00Z', {
    uuid: 's1',
    status: 'failed',
    deliveredAt: '2026-10-25T10:20:00Z',
  });
  expect(await hoursOf('s1')).toEqual({});
});

// Capacity 2 from 31 October. The contract id comes a day late: 24 hours move from on demand to the
// commitment, whose unused hours sink from 48 to 24.
test('a server that turns out to be under contract moves into the pool', async () => {
  const server = { uuid: 's1', deliveredAt: '2026-10-31T00:00:00Z' };
  await servers('2026-10-31T12:00:00Z', server);
  await transformAt('2026-11-01T01:00:00Z');
  expect(await hoursOf(POOL)).toMatchObject({ 'unused-commitment-hours 2026-10-31': 48 });
  await servers('2026-11-01T02:00:00Z', { ...server, contractId: CONTRACT });
  expect(await hoursOf('s1')).toEqual({
    'committed-server-hours 2026-10-31': 24,
    'committed-server-hours 2026-11-01': 2,
  });
  expect(await hoursOf(POOL)).toMatchObject({ 'unused-commitment-hours 2026-10-31': 24 });
});

test("a month corrected after its end changes only the VM's last day in it", async () => {
  const vm = { id: 'v1', createdAt: '2026-10-28T10:20:00Z', releasedAt: '2026-10-29T12:00:00Z' };
  const told = async (at: string, hours: number): Promise<void> => {
    const body = report('2026-10', [{ ...vm, hours }]);
    await land(pool, 'flexvm.monthly_report', at, body, '2026-10');
    await transformAt(at);
  };
  await told('2026-10-29T18:00:00Z', 26);
  await transformAt('2026-11-05T00:00:00Z');
  await told('2026-11-05T06:00:00Z', 30);
  expect(await hoursOf('v1')).toEqual({ 'vm-hours 2026-10-28': 14, 'vm-hours 2026-10-29': 16 });
  const { rows } = await pool.query(
    "select reason, quantity::integer from ledger.charge where resource_id = 'v1' order by charge_id",
  );
  expect(rows).toEqual([
    { reason: 'first entry', quantity: 14 },
    { reason: 'first entry', quantity: 12 },
    { reason: 'better fact: metered instead of derived', quantity: -12 },
    { reason: 'better fact: metered instead of derived', quantity: 16 },
  ]);
});

test.each([
  ['an object', { name: 'rtx4000', count: 4 }],
  ['a name', '4x rtx4000'],
])('hardware that is told late, as %s, gives posted hours their GPU hours', async (_, gpu) => {
  await servers('2026-10-25T12:00:00Z', { uuid: 's1', deliveredAt: '2026-10-25T10:20:00Z' });
  await transformAt('2026-10-26T11:00:00Z');
  await land(pool, 'flexmetal.plans', '2026-10-26T12:00:00Z', [
    { name: 'bm7.std.8', hardwareDetails: { gpu }, locations: [] },
  ]);
  await transformAt('2026-10-26T12:00:00Z');
  const { rows } = await pool.query(
    `select cost_date, usage_hours::integer, gpu_hours::integer from mart.fct_cost_daily
     where resource_id = 's1' order by cost_date`,
  );
  expect(rows).toEqual([
    { cost_date: '2026-10-25', usage_hours: 14, gpu_hours: 56 },
    { cost_date: '2026-10-26', usage_hours: 12, gpu_hours: 48 },
  ]);
});
