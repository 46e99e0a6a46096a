/** What is known of machines, of the wallet and of the ledger's signs beside the charges. */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { listed, reported, walletMovements } from './warehouse.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

async function statesOf(resourceId: string): Promise<string[]> {
  const { rows } = await pool.query<{ state: string }>(
    `select concat_ws(' ', status, to_char(valid_from at time zone 'UTC', 'MM-DD HH24:MI'),
       coalesce(to_char(valid_to at time zone 'UTC', 'MM-DD HH24:MI'), 'now'), sku, gpu_count)
       as state
     from intermediate.int_voltage_park__resource_state
     where resource_id = $1 order by valid_from`,
    [resourceId],
  );
  return rows.map((row) => row.state);
}

const rental = (more: Record<string, unknown>) => ({
  id: 'bm1',
  name: 'cluster',
  creation_timestamp: '2026-10-30T20:00:00Z',
  rate_hourly: '40',
  ...more,
});
const SPECIFIED = rental({
  status: 'Running',
  power_status: 'Running',
  node_count: 2,
  specs_per_node: { gpu_model: 'h100', gpu_count: 8 },
  network_type: 'infiniband',
});

test('a pending rental keeps the specification that is known of it', async () => {
  await listed(pool, '2026-10-30T20:02:00Z', 'bare metal', [rental({ status: 'Pending' })]);
  await listed(pool, '2026-10-30T21:02:00Z', 'bare metal', [SPECIFIED]);
  await listed(pool, '2026-10-31T09:02:00Z', 'bare metal', [rental({ status: 'Pending' })]);
  expect(await statesOf('bm1')).toEqual([
    'provisioning 10-30 20:00 10-30 21:02 2x8 h100 infiniband 16',
    'running 10-30 21:02 10-31 09:02 2x8 h100 infiniband 16',
    'provisioning 10-31 09:02 now 2x8 h100 infiniband 16',
  ]);
});

test('a vanished rental ended when its billing closed, else when it was missed', async () => {
  await listed(pool, '2026-10-30T21:02:00Z', 'bare metal', [SPECIFIED]);
  await listed(pool, '2026-10-30T22:02:00Z', 'bare metal', [SPECIFIED]);
  await listed(pool, '2026-10-30T23:02:00Z', 'bare metal', []);
  expect((await statesOf('bm1')).map((state) => state.slice(0, 29))).toEqual([
    'running 10-30 20:00 10-30 23:',
    'ended 10-30 23:02 now 2x8 h10',
  ]);
  await reported(pool, '2026-10-31T00:15:00Z', '2026-10', [
    {
      type: 'baremetal_charge',
      amount: '-100',
      start: '2026-10-30T20:00:00Z',
      end: '2026-10-30T22:30:00Z',
      instance: { id: 'i1', baremetal_rental_id: 'bm1' },
    },
  ]);
  expect(await statesOf('bm1')).toEqual([
    'running 10-30 20:00 10-30 22:30 2x8 h100 infiniband 16',
    'ended 10-30 22:30 now 2x8 h100 infiniband 16',
  ]);
});

test('a machine that came and went between two looks is known from its bill', async () => {
  await reported(pool, '2026-10-31T00:15:00Z', '2026-10', [
    {
      amount: '-1',
      start: '2026-10-30T20:05:00Z',
      end: '2026-10-30T20:45:00Z',
      instance: { id: 'i1', type: 'virtual_machine_instance', virtual_machine_id: 'vm9' },
    },
  ]);
  expect(await statesOf('vm9')).toEqual([
    'running 10-30 20:05 10-30 20:45 0',
    'ended 10-30 20:45 now 0',
  ]);
});

test('a deposit moves the wallet once, a restated one by the difference', async () => {
  const deposit = {
    type: 'stripe_deposit',
    start: '2026-10-15T20:01:00Z',
    end: '2026-10-15T20:01:09Z',
  };
  await reported(pool, '2026-10-16T00:15:00Z', '2026-10', [{ ...deposit, amount: '500' }]);
  expect(await walletMovements(pool)).toEqual(['deposit 500 voltage_park/tx1/2026-10']);
  await reported(pool, '2026-10-16T06:15:00Z', '2026-10', [{ ...deposit, amount: '450' }]);
  expect(await walletMovements(pool)).toEqual([
    'deposit 500 voltage_park/tx1/2026-10',
    expect.stringMatching(/^adjustment -50 voltage_park\/tx1\/2026-10\/\d+$/),
  ]);
});

test.each([
  ['signed', '-40', '60'],
  ['unsigned', '40', '60'],
  ['none', '40', '99'],
])('the balance proves which sign charges have: %s', async (evidence, amount, change) => {
  const start = '2026-10-15T20:00:00Z';
  const instance = { id: 'i1', virtual_machine_id: 'vm1' };
  await reported(
    pool,
    '2026-10-16T00:15:00Z',
    '2026-10',
    [
      { id: 'tx1', amount, start, instance },
      { id: 'tx2', type: 'stripe_deposit', amount: '100', start },
    ],
    { opening: '0', change, closing: change },
  );
  const { rows } = await pool.query(
    'select sign_evidence as evidence from intermediate.int_voltage_park__month_balance',
  );
  expect(rows).toEqual([{ evidence }]);
});
