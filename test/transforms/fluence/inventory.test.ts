/**
 * Goal: a machine's history shows what changed and nothing else, deposits stay beside cost, and
 * offers are spelled as machines are. Method: answers land through the production writer.
 */
import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { listed, offered } from './warehouse.ts';

const FIXTURE = new URL('../../fixtures/fluence/fluence.marketplace_offers.json', import.meta.url);

const MACHINE = { created: '2026-10-01T17:45:00Z', next: '2026-10-02T17:55:00Z', spent: '596320' };

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

test('states follow the name and the listing, not the counters', async () => {
  await listed(pool, '2026-10-01T18:10:00Z', MACHINE);
  await listed(pool, '2026-10-02T18:10:00Z', {
    ...MACHINE,
    next: '2026-10-03T17:55:00Z',
    spent: '894480',
  });
  const renamed = { ...MACHINE, next: '2026-10-04T17:55:00Z', spent: '1192640', name: 'renamed' };
  await listed(pool, '2026-10-03T18:10:00Z', renamed);
  await listed(pool, '2026-10-03T19:10:00Z');
  await listed(pool, '2026-10-03T20:10:00Z', renamed);
  const { rows } = await pool.query(
    `select to_char(valid_from at time zone 'UTC', 'MM-DD HH24:MI') as valid_from,
       to_char(valid_to at time zone 'UTC', 'MM-DD HH24:MI') as valid_to, status, name, sku,
       region_id, region_name, vcpu_count::text, memory_gib::text, gpu_count, ended_at
     from intermediate.int_fluence__resource_state order by valid_from`,
  );
  const same = {
    sku: '2vcpu-4gib-25gib',
    region_id: 'fr-par-1',
    region_name: 'PAR, FR',
    vcpu_count: '2',
    memory_gib: '4',
    gpu_count: 0,
    ended_at: null,
  };
  expect(rows).toEqual([
    {
      ...same,
      valid_from: '10-01 17:45',
      valid_to: '10-03 18:10',
      status: 'running',
      name: 'vm-name',
    },
    {
      ...same,
      valid_from: '10-03 18:10',
      valid_to: '10-03 19:10',
      status: 'running',
      name: 'renamed',
    },
    {
      ...same,
      valid_from: '10-03 19:10',
      valid_to: '10-03 20:10',
      status: 'ended',
      name: 'renamed',
    },
    { ...same, valid_from: '10-03 20:10', valid_to: null, status: 'running', name: 'renamed' },
  ]);
});

test('the reserve of the machines listed now stands beside the cost', async () => {
  await listed(pool, '2026-10-01T18:10:00Z', MACHINE, { ...MACHINE, vm: 'B2' });
  await listed(pool, '2026-10-01T19:10:00Z', MACHINE);
  const { rows } = await pool.query(
    `select right(resource_id, 2) as vm, reserved_amount, billing_currency
     from intermediate.int_fluence__reserve`,
  );
  expect(rows).toEqual([{ vm: 'a1', reserved_amount: '0.359440', billing_currency: 'USDC' }]);
  const report = await pool.query(
    `select provider, right(resource_id, 2) as vm, trim_scale(reserved_amount) as reserved_amount,
       billing_currency, epochs_covered
     from mart.rpt_reserve`,
  );
  expect(report.rows).toEqual([
    {
      provider: 'fluence',
      vm: 'a1',
      reserved_amount: '0.35944',
      billing_currency: 'USDC',
      epochs_covered: '1.206', // 0.35944 / 0.29816
    },
  ]);
});

test('an offer has the SKU and region of the machines it would make', async () => {
  await offered(pool, '2026-10-01T04:25:00Z', JSON.parse(await readFile(FIXTURE, 'utf8')));
  const { rows } = await pool.query(
    `select record_key, sku, region_id, price_per_epoch::text, available_instances::text
     from staging.stg_fluence__offer order by record_key`,
  );
  expect(rows).toEqual([
    {
      record_key: 'cpu-2-ram-4gb-storage-25gb/fr/par/1',
      sku: '2vcpu-4gib-25gib',
      region_id: 'fr-par-1',
      price_per_epoch: '0.30698',
      available_instances: '5',
    },
    {
      record_key: 'cpu-4-ram-8gb-storage-25gb/fr/par/1',
      sku: '4vcpu-8gib-25gib',
      region_id: 'fr-par-1',
      price_per_epoch: '0.56396',
      available_instances: '2',
    },
  ]);
});
