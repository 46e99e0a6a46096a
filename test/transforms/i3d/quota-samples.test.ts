/**
 * Goal: where no contract file tells a pool's capacity, the quota samples do, from look to look; a
 * contract row rules from its start. Method: samples and servers land through the production writer;
 * the ledger grows by steps and must be what a recomputation of everything gives.
 */
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReferenceData } from '../../../transforms/reference/read-reference.ts';
import { testDatabase } from '../../support/postgres.ts';
import { REFERENCE, transform } from './ledger.ts';
import { CONTRACT, land, POOL, serverRecord } from './warehouse.ts';

const SAMPLED: ReferenceData = { ...REFERENCE, contracts: [] };

let pool: pg.Pool;
let reference: ReferenceData;
let nowMs = 0;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  reference = SAMPLED;
});

afterEach(async () => {
  expect(await transform(pool, nowMs, true, reference)).toMatchObject({
    chargesPosted: 0,
    chargesReversed: 0,
    accrualsWritten: 0,
  });
});

/** One look: `capacity` servers committed (0: none is told), `used` of them in use. */
async function quota(at: string, capacity: number, used = 0): Promise<void> {
  const instanceType = { id: 128, name: 'bm7.std.8' };
  const commit = { instanceType, quotaType: 'commit', contractId: CONTRACT };
  const onDemand = { instanceType, quotaType: 'onDemand', contractId: '', quota: 50, usage: 1 };
  await land(pool, 'flexmetal.quota', at, [
    {
      location: { id: 18, name: 'EU: Rotterdam' },
      quotaUsage:
        capacity === 0 ? [onDemand] : [onDemand, { ...commit, quota: capacity, usage: used }],
    },
  ]);
}

async function transformAt(at: string): Promise<void> {
  nowMs = Date.parse(at);
  await transform(pool, nowMs, false, reference);
}

/** Resource, meter, hours, cost, uncertainty of 20 October. */
async function charges(): Promise<string[][]> {
  const { rows } = await pool.query<{ cells: string[] }>(
    `select array[resource_id, meter, trim_scale(quantity)::text, trim_scale(billed_cost)::text,
       trim_scale(uncertainty)::text] as cells
     from intermediate.known_charge order by resource_id, meter`,
  );
  return rows.map(({ cells }) => cells);
}

const servers = ['a', 'b'].map((uuid) =>
  serverRecord({ uuid, contractId: CONTRACT, deliveredAt: '2026-10-20T08:00:00Z' }),
);

// Committed 1 as of 09:10 (so from 10:00) and 3 as of 14:00; at 17:00 nothing is told any more, the
// last look that told it was at 15:30. On demand before; 10 to 14: one covered, one overflow; 14 to
// 17: both covered, one idle. Between the last look that told a capacity and the one that told another
// (11:20 to 14:00, 15:30 to 17:00) all hours of the pool are uncertain.
test('samples hold from when they were seen until the next, the last hours as an estimate', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-20T08:30:00Z', servers);
  await transformAt('2026-10-20T09:00:00Z');
  await quota('2026-10-20T09:10:00Z', 1);
  await transformAt('2026-10-20T10:30:00Z');
  await quota('2026-10-20T11:20:00Z', 1, 1);
  await transformAt('2026-10-20T11:30:00Z');
  await quota('2026-10-20T14:00:00Z', 3, 2);
  await transformAt('2026-10-20T14:30:00Z');
  await quota('2026-10-20T15:30:00Z', 3, 1);
  await transformAt('2026-10-20T16:30:00Z');
  await quota('2026-10-20T17:00:00Z', 0);
  await transformAt('2026-10-20T18:00:00Z');
  expect(await charges()).toEqual([
    [POOL, 'unused-commitment-hours', '3', '1.8', '0.6'],
    ['a', 'committed-server-hours', '7', '4.2', '1.8'],
    ['a', 'server-hours', '3', '3', '0'],
    ['b', 'committed-server-hours', '3', '1.8', '0.6'],
    ['b', 'overflow-server-hours', '4', '4', '2'],
    ['b', 'server-hours', '3', '3', '0'],
  ]);
});

test('a contract row rules from its start, whatever samples say; without it they hold again', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-20T09:00:00Z', []);
  await quota('2026-10-20T10:00:00Z', 3);
  await transformAt('2026-10-20T13:30:00Z');
  expect(await charges()).toEqual([[POOL, 'unused-commitment-hours', '12', '7.2', '0']]);
  const [contract] = REFERENCE.contracts;
  if (contract === undefined) throw new Error('no contract');
  const own = { ...contract, starts_at: '2026-10-20T12:00:00Z', ends_at: '2026-10-20T13:00:00Z' };
  reference = { ...SAMPLED, contracts: [own] };
  await transformAt('2026-10-20T14:00:00Z');
  expect(await charges()).toEqual([[POOL, 'unused-commitment-hours', '8', '4.8', '0']]);
  reference = SAMPLED;
  await transformAt('2026-10-20T14:30:00Z');
  expect(await charges()).toEqual([[POOL, 'unused-commitment-hours', '15', '9', '0']]);
});
