/**
 * Goal: a commitment says when it ends and what it still costs, and each day which of its hours were
 * used and what ran over it. Method: servers land through the production writer and are transformed;
 * figures are by hand, at 0.60 EUR under contract and 1.00 on demand.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { PRODUCTS } from '../../../collectors/registry.ts';
import { runTransform } from '../../../transforms/ledger/run-transform.ts';
import { readManifest } from '../../../transforms/manifest.ts';
import { testDatabase } from '../../support/postgres.ts';
import { rate } from '../i3d/ledger.ts';
import { CONTRACT, land, serverRecord } from '../i3d/warehouse.ts';

const SKU = 'bm7.std.8';
const REGION = 'EU: Rotterdam';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const contract = (capacity: string, startsAt: string, endsAt: string) => ({
  provider: 'i3d-flexmetal',
  account: null,
  contract_id: CONTRACT,
  sku: SKU,
  region: REGION,
  capacity,
  starts_at: startsAt,
  ends_at: endsAt,
  source_file: 'contracts.csv',
  source_line: 2,
});

async function transformAt(now: string, ...contracts: ReturnType<typeof contract>[]) {
  await runTransform(pool, {
    manifest: await readManifest(PRODUCTS),
    reference: {
      rates: [
        rate('i3d-flexmetal', SKU, REGION, '', 100),
        rate('i3d-flexmetal', SKU, REGION, CONTRACT, 60),
      ],
      contracts,
      exchangeRates: [],
    },
    reportingCurrency: 'EUR',
    nowMs: Date.parse(now),
    isFull: false,
  });
}

async function lines(select: string): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(select);
  return rows.map(({ line }) => line);
}

test('a commitment tells when it ends and what is still to be paid', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-05T00:00:00Z', []);
  await transformAt(
    '2026-10-05T00:00:00Z',
    contract('3', '2026-09-01T00:00:00Z', '2026-10-01T00:00:00Z'),
    contract('4', '2026-10-01T00:00:00Z', '2026-10-15T00:00:00Z'),
    contract('2', '2026-10-20T00:00:00Z', '2026-10-21T00:00:00Z'),
  );
  const told = await lines(
    `select concat_ws(' ', state, capacity, trim_scale(cost_per_hour), trim_scale(days_left),
       trim_scale(cost_to_come)) as line
     from mart.rpt_commitment order by starts_at`,
  );
  // 4 servers for 240 hours, 2 for 24.
  expect(told).toEqual(['over 3 1.8 0 0', 'running 4 2.4 10 576', 'to come 2 1.2 16 28.8']);
});

// Capacity 1 from 10:00 to 16:00. Blocks of a: 10:20, 11:20, 12:20; of b: 11:10, 12:10, 13:10. Used are
// 10 by a, 11 to 13 by b; 14 and 15 by none; a ran over it twice.
const server = (uuid: string, deliveredAt: string, releasedAt: string) =>
  serverRecord({ contractId: CONTRACT, uuid, deliveredAt, releasedAt });
const POOL_HOURS = contract('1', '2026-10-05T10:00:00Z', '2026-10-05T16:00:00Z');
const USE = `select concat_ws(' ', cost_date, trim_scale(committed_hours), trim_scale(used_hours),
    trim_scale(unused_hours), trim_scale(overflow_hours), trim_scale(used_cost),
    trim_scale(unused_cost), trim_scale(overflow_cost)) as line
  from mart.rpt_commitment_daily order by cost_date`;

test('its hours are used or unused each day; what runs over it stands beside', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-05T15:00:00Z', [
    server('a', '2026-10-05T10:20:00Z', '2026-10-05T13:00:00Z'),
    server('b', '2026-10-05T11:10:00Z', '2026-10-05T14:10:00Z'),
  ]);
  await transformAt('2026-10-05T17:00:00Z', POOL_HOURS);
  expect(await lines(USE)).toEqual(['2026-10-05 6 4 2 2 2.4 1.2 2']);
});

test('hours that have begun by the clock count, and days without one are no rows', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-05T11:00:00Z', []);
  await transformAt('2026-10-05T11:30:00Z', POOL_HOURS);
  expect(await lines(USE)).toEqual(['2026-10-05 2 0 2 0 0 1.2 0']);
});
