/**
 * Goal: each month a FlexVM cloud is billed by exactly one thing: the hours of its VMs, the hours of
 * its nodes or a fixed price. Method: clouds, nodes and VMs land through the production writer; the
 * ledger grows by steps and must be what a recomputation of everything gives.
 */
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BillingBasis, ReferenceData } from '../../../transforms/reference/read-reference.ts';
import { testDatabase } from '../../support/postgres.ts';
import { REFERENCE, rate, transform } from './ledger.ts';
import { ACCOUNT, CLOUD, land, vmRecord } from './warehouse.ts';

const NODE_SKU = 'bm9.hmm.gpu.4rtx4000.64';
const CREATED = '2026-10-30T00:00:00Z';

let pool: pg.Pool;
let reference: ReferenceData;
let nowMs = 0;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  reference = REFERENCE;
  await land(pool, 'flexvm.clouds', '2026-10-30T20:00:00Z', [cloud()]);
});

afterEach(async () => {
  expect(await transform(pool, nowMs, true, reference)).toMatchObject({
    chargesPosted: 0,
    chargesReversed: 0,
    accrualsWritten: 0,
  });
});

const cloud = () => ({
  id: CLOUD,
  name: 'builds',
  site: 'frmtl1',
  instance_type: NODE_SKU,
  created_at: CREATED,
});

function basis(kind: string, from: string, to: string | null = null): BillingBasis {
  return {
    provider: 'i3d-flexvm',
    account: ACCOUNT,
    cloud_id: CLOUD,
    basis: kind,
    valid_from: from,
    valid_to: to,
    source_file: 'bases.csv',
    source_line: 2,
  };
}

function agree(unit: 'Hours' | 'Months', cents: number, ...bases: BillingBasis[]): void {
  const node = rate('i3d-flexvm', NODE_SKU, 'frmtl1', '', cents, unit);
  reference = { ...REFERENCE, rates: [...REFERENCE.rates, node], billingBases: bases };
}

async function transformAt(at: string): Promise<void> {
  nowMs = Date.parse(at);
  await transform(pool, nowMs, false, reference);
}

async function nodes(at: string, ...listed: [id: string, status: string][]): Promise<void> {
  const records = listed.map(([id, status]) => ({ id, name: id, status, cloud: cloud() }));
  await land(pool, 'flexvm.nodes', at, records, CLOUD);
}

interface Row {
  readonly cells: string[];
}

/** Resource, meter, day, quantity, cost, uncertainty. */
async function charges(): Promise<string[][]> {
  const { rows } = await pool.query<Row>(
    `select array[resource_id, meter, to_char(charge_date, 'MM-DD'), trim_scale(quantity)::text,
       trim_scale(billed_cost)::text, trim_scale(uncertainty)::text] as cells
     from intermediate.known_charge order by resource_id, charge_date, charge_key`,
  );
  return rows.map(({ cells }) => cells);
}

// n1 is there at the first look (20:00 of the 30th, the cloud being from 00:00), n2 runs from 23:00,
// n3 fails before it ever runs; n2 is missed at 03:30 of the 31st, seen last at 02:00.
test('a cloud by node hours: nodes cost from the look that saw them run, VMs nothing', async () => {
  agree('Hours', 200, basis('node_hour', '2026-10-01'));
  const vm = vmRecord({ id: 'v', createdAt: '2026-10-30T22:00:00Z' });
  await land(pool, 'flexvm.vms', '2026-10-30T23:00:00Z', [vm], CLOUD);
  await nodes(
    '2026-10-30T20:00:00Z',
    ['n1', 'running'],
    ['n2', 'bootstrapping'],
    ['n3', 'created'],
  );
  await transformAt('2026-10-30T21:00:00Z');
  await nodes('2026-10-30T23:00:00Z', ['n1', 'running'], ['n2', 'running'], ['n3', 'failed']);
  await transformAt('2026-10-30T23:30:00Z');
  await nodes('2026-10-31T02:00:00Z', ['n1', 'running'], ['n2', 'running']);
  await transformAt('2026-10-31T02:00:00Z');
  await nodes('2026-10-31T03:30:00Z', ['n1', 'running']);
  await transformAt('2026-10-31T04:00:00Z');
  expect(await charges()).toEqual([
    ['n1', 'node-hours', '10-30', '4', '8', '40'],
    ['n1', 'node-hours', '10-31', '4', '8', '0'],
    ['n2', 'node-hours', '10-30', '1', '2', '6'],
    ['n2', 'node-hours', '10-31', '4', '8', '4'],
    ['v', 'vm-hours', '10-30', '2', '0', '0'],
    ['v', 'vm-hours', '10-31', '4', '0', '0'],
  ]);
  const { rows } = await pool.query(
    `select distinct price_source from intermediate.known_charge where meter = 'vm-hours'`,
  );
  expect(rows).toEqual([{ price_source: 'basis:node_hour' }]);
});

// 1,000.00 for October (2 days from the 30th) and November (30 days): the cloud goes on 1 November at
// 10:00, seen last at 06:00; all of November is owed.
test('a cloud by fixed months: one price a month, by days, also when the cloud goes', async () => {
  agree('Months', 100_000, basis('fixed_month', '2026-10-01'));
  const vm = vmRecord({ id: 'v', createdAt: '2026-10-31T22:00:00Z' });
  await land(pool, 'flexvm.vms', '2026-10-31T23:00:00Z', [vm], CLOUD);
  await transformAt('2026-10-31T23:00:00Z');
  await transformAt('2026-11-01T00:00:00Z');
  await land(pool, 'flexvm.clouds', '2026-11-01T06:00:00Z', [cloud()]);
  await land(pool, 'flexvm.clouds', '2026-11-01T10:00:00Z', []);
  await transformAt('2026-11-01T11:00:00Z');
  await transformAt('2026-11-03T00:00:00Z');
  expect((await charges()).filter(([id]) => id === CLOUD)).toEqual([
    [CLOUD, 'cloud-months', '10-30', '0.5', '500', '0'],
    [CLOUD, 'cloud-months', '10-31', '0.5', '500', '0'],
    [CLOUD, 'cloud-months', '11-01', '0.033333333', '33.333333333', '0'],
    [CLOUD, 'cloud-months', '11-02', '0.033333334', '33.333333334', '0'],
    [CLOUD, 'cloud-months', '11-03', '0.033333333', '33.333333333', '0'],
  ]);
  await transformAt('2026-12-05T00:00:00Z');
  const { rows } = await pool.query(
    `select trim_scale(sum(billed_cost))::text as cost, trim_scale(sum(quantity))::text as months
     from ledger.charge where resource_id = $1 and charge_date >= '2026-11-01'`,
    [CLOUD],
  );
  expect(rows).toEqual([{ cost: '1000', months: '1' }]);
});

test('an hourly price is none for a fixed month, and is counted as missing', async () => {
  agree('Hours', 200, basis('fixed_month', '2026-10-01'));
  await transformAt('2026-10-30T23:00:00Z');
  const { rows } = await pool.query(
    'select resource_id, price_source, billed_cost::integer as cost from intermediate.known_charge',
  );
  expect(rows).toEqual([{ resource_id: CLOUD, price_source: 'missing', cost: 0 }]);
});

// VM hours cost 0.50: one on 31 October, two on 1 November at first; then November turns out to be by
// nodes, of which n1 was there all the time.
test('a basis that is agreed late moves its months, and only those, to what it says', async () => {
  const vm = vmRecord({ id: 'v', createdAt: '2026-10-31T23:00:00Z' });
  await nodes('2026-10-31T23:00:00Z', ['n1', 'running']);
  await land(pool, 'flexvm.vms', '2026-10-31T23:00:00Z', [vm], CLOUD);
  await transformAt('2026-11-01T02:00:00Z');
  expect(await charges()).toEqual([
    ['v', 'vm-hours', '10-31', '1', '0.5', '0'],
    ['v', 'vm-hours', '11-01', '2', '1', '0'],
  ]);
  agree(
    'Hours',
    200,
    basis('vm_hour', '2026-10-01', '2026-11-01'),
    basis('node_hour', '2026-11-01'),
  );
  await transformAt('2026-11-01T03:00:00Z');
  expect(await charges()).toEqual([
    ['n1', 'node-hours', '11-01', '3', '6', '0'],
    ['v', 'vm-hours', '10-31', '1', '0.5', '0'],
    ['v', 'vm-hours', '11-01', '3', '0', '0'],
  ]);
  reference = REFERENCE;
  await transformAt('2026-11-01T04:00:00Z');
  expect(await charges()).toEqual([
    ['v', 'vm-hours', '10-31', '1', '0.5', '0'],
    ['v', 'vm-hours', '11-01', '4', '2', '0'],
  ]);
});
