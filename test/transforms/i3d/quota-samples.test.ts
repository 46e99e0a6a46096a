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

/** One answer: `capacity` servers committed (null: the pool is left out), `used` in use. */
async function quota(at: string, capacity: number | null, used = 0): Promise<void> {
  const instanceType = { id: 128, name: 'bm7.std.8' };
  const commit = { instanceType, quotaType: 'commit', contractId: CONTRACT };
  const onDemand = { instanceType, quotaType: 'onDemand', contractId: '', quota: 50, usage: 1 };
  await land(pool, 'flexmetal.quota', at, [
    {
      location: { id: 18, name: 'EU: Rotterdam' },
      quotaUsage:
        capacity === null ? [onDemand] : [onDemand, { ...commit, quota: capacity, usage: used }],
    },
  ]);
}

async function transformAt(at: string): Promise<void> {
  nowMs = Date.parse(at);
  await transform(pool, nowMs, false, reference);
}

/** Resource, meter, hours, cost, uncertainty of each day from 20 October on. */
async function charges(from = '2026-10-20'): Promise<string[][]> {
  const { rows } = await pool.query<{ cells: string[] }>(
    `select array[resource_id, meter, trim_scale(quantity)::text, trim_scale(billed_cost)::text,
       trim_scale(uncertainty)::text] as cells
     from intermediate.known_charge where charge_date >= $1
     order by resource_id, meter, charge_date`,
    [from],
  );
  return rows.map(({ cells }) => cells);
}

const servers = ['a', 'b'].map((uuid) =>
  serverRecord({ uuid, contractId: CONTRACT, deliveredAt: '2026-10-20T08:00:00Z' }),
);

// Committed 1 as of 09:10 (so from 10:00) and 3 as of 14:00; the answer of 17:00 leaves the pool out,
// the last one that listed it was that of 15:30. Nothing states 08 and 09, so 1 holds back to the first
// delivery: both hours are in doubt by 0.40, and 0 to 8 by the 0.60 of one idle server each (4.8).
// 10 to 14: one covered, one overflow; from 14: both covered, one idle. Between the last sync that listed
// a capacity and the one that listed another (11:20 to 14:00) the overflow is in doubt (a is covered by
// 1 and by 3), and one idle server (of 3) in 12 and 13 (1.2); from 15:30 on all hours are, idle ones by
// their price (1.2).
test('samples hold from the sync that listed them until the next, in between uncertain by the prices', async () => {
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
  await quota('2026-10-20T17:00:00Z', null);
  await transformAt('2026-10-20T18:00:00Z');
  expect(await charges()).toEqual([
    [POOL, 'unused-commitment-hours', '4', '2.4', '7.2'],
    ['a', 'committed-server-hours', '10', '6', '1.6'],
    ['b', 'committed-server-hours', '4', '2.4', '0.8'],
    ['b', 'overflow-server-hours', '6', '6', '1.6'],
  ]);
});

// 3 by samples from 10:00; of the contract's hour 12 one idle server more than its 2 is in doubt (0.60).
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
  expect(await charges()).toEqual([[POOL, 'unused-commitment-hours', '8', '4.8', '0.6']]);
  reference = SAMPLED;
  await transformAt('2026-10-20T14:30:00Z');
  expect(await charges()).toEqual([[POOL, 'unused-commitment-hours', '15', '9', '0']]);
});

// The file has 2 from 00:00 on; samples list 2 until 09:30 and 1 from 12:00 on. Of the two idle servers one
// is in doubt from the last sample that agrees: 10 to 14 (5 hours of 0.60). A file that ends the row at
// 11:00 and goes on with 1 is right by both samples.
test('a contract row that samples contradict is in doubt by both capacities', async () => {
  const [contract] = REFERENCE.contracts;
  if (contract === undefined) throw new Error('no contract');
  const row = { ...contract, starts_at: '2026-10-20', ends_at: '2027-01-01' };
  reference = { ...SAMPLED, contracts: [row] };
  await land(pool, 'flexmetal.servers', '2026-10-20T08:30:00Z', []);
  await quota('2026-10-20T08:00:00Z', 2);
  await quota('2026-10-20T09:30:00Z', 2);
  await transformAt('2026-10-20T10:00:00Z');
  expect(await charges()).toEqual([[POOL, 'unused-commitment-hours', '20', '12', '0']]);
  await quota('2026-10-20T12:00:00Z', 1);
  await transformAt('2026-10-20T15:00:00Z');
  expect(await charges()).toEqual([[POOL, 'unused-commitment-hours', '30', '18', '3']]);
  const until = { ...row, ends_at: '2026-10-20T11:00:00Z' };
  const after = { ...row, capacity: '1', starts_at: '2026-10-20T11:00:00Z' };
  reference = { ...SAMPLED, contracts: [until, after] };
  await transformAt('2026-10-20T15:00:00Z');
  expect(await charges()).toEqual([[POOL, 'unused-commitment-hours', '26', '15.6', '0']]);
});

// The pool (1 server from 08:00, capacity 2) is known from 09:00. 08 is in doubt by 0.40 and 0.60, and 0 to
// 8 by 2 idle servers each (9.6). The answer of 12:04 leaves it out: the hours from the last sync that
// listed it (11:04; so a block at 12:00) stay committed, uncertain by 0.40 and 0.60; the next answer
// that lists it proves them.
test('one quota answer without the pool re-prices nothing; the next one that lists it proves it', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-20T08:30:00Z', servers.slice(0, 1));
  await quota('2026-10-20T09:00:00Z', 2, 1);
  await quota('2026-10-20T11:04:00Z', 2, 0);
  await quota('2026-10-20T12:04:00Z', null);
  await transformAt('2026-10-20T13:00:00Z');
  expect(await charges()).toEqual([
    [POOL, 'unused-commitment-hours', '5', '3', '10.8'],
    ['a', 'committed-server-hours', '5', '3', '0.8'],
  ]);
  await quota('2026-10-20T13:04:00Z', 2, 1);
  await transformAt('2026-10-20T13:30:00Z');
  expect(await charges()).toEqual([
    [POOL, 'unused-commitment-hours', '6', '3.6', '10.2'],
    ['a', 'committed-server-hours', '6', '3.6', '0.4'],
  ]);
});

// The first sync, at 09:00 of the 20th, finds a commitment of 2 and a server delivered on the 18th at 12:00.
// The 12 hours of the 18th before that: 0, in doubt by 2 idle servers (14.4); from then on 1 covered and
// 1 idle, in doubt by 0.40 and 0.60 an hour, until 09:00 of the 20th.
test('a commitment that is older than the first sync holds back to its first use, in doubt', async () => {
  const old = { uuid: 'old', contractId: CONTRACT, deliveredAt: '2026-10-18T12:00:00Z' };
  await land(pool, 'flexmetal.servers', '2026-10-20T08:30:00Z', [serverRecord(old)]);
  await transformAt('2026-10-20T08:45:00Z');
  await quota('2026-10-20T09:00:00Z', 2, 1);
  await transformAt('2026-10-20T10:00:00Z');
  expect(await charges('2026-10-18')).toEqual([
    [POOL, 'unused-commitment-hours', '12', '7.2', '21.6'],
    [POOL, 'unused-commitment-hours', '24', '14.4', '14.4'],
    [POOL, 'unused-commitment-hours', '10', '6', '5.4'],
    ['old', 'committed-server-hours', '12', '7.2', '4.8'],
    ['old', 'committed-server-hours', '24', '14.4', '9.6'],
    ['old', 'committed-server-hours', '10', '6', '3.6'],
  ]);
});

// Listed until 08:00, left out for 30 hours, listed again at 14:00 of the 21st: it ran on, in doubt.
test('a commitment that is listed again, however late, held in between', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-20T06:30:00Z', []);
  await quota('2026-10-20T06:00:00Z', 1);
  await quota('2026-10-20T07:00:00Z', 1, 1);
  await quota('2026-10-20T08:00:00Z', null);
  await transformAt('2026-10-21T13:00:00Z');
  await quota('2026-10-21T14:00:00Z', 1);
  await transformAt('2026-10-21T16:00:00Z');
  expect(await charges()).toEqual([
    [POOL, 'unused-commitment-hours', '18', '10.8', '10.2'],
    [POOL, 'unused-commitment-hours', '16', '9.6', '8.4'],
  ]);
});

// Listed at 08:00 only, left out from 10:04: all hours in doubt, committed until 11:00 of the 21st (24 hours, then a begun clock hour).
test('a pool that is left out for 24 hours ends, and what names its contract stays in doubt', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-20T08:30:00Z', servers.slice(0, 1));
  await quota('2026-10-20T08:00:00Z', 1, 1);
  await quota('2026-10-20T10:04:00Z', null);
  await transformAt('2026-10-20T23:30:00Z');
  await transformAt('2026-10-21T13:00:00Z');
  expect(await charges()).toEqual([
    ['a', 'committed-server-hours', '16', '9.6', '6.4'],
    ['a', 'committed-server-hours', '11', '6.6', '4.4'],
    ['a', 'server-hours', '2', '2', '0.8'],
  ]);
});

// From 09:00 one server is committed, two name the contract. While the provider counts both against
// it (2 of 1), the second can be billed either way; from 12:00 it counts one: overflow is certain.
test('overflow is uncertain while the provider counts it against the commitment', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-20T08:30:00Z', servers);
  await quota('2026-10-20T08:00:00Z', 2, 2);
  await quota('2026-10-20T09:00:00Z', 1, 2);
  await transformAt('2026-10-20T11:30:00Z');
  await quota('2026-10-20T12:00:00Z', 1, 1);
  await transformAt('2026-10-20T14:00:00Z');
  expect(await charges()).toEqual([
    ['a', 'committed-server-hours', '6', '3.6', '0'],
    ['b', 'committed-server-hours', '1', '0.6', '0.4'],
    ['b', 'overflow-server-hours', '5', '5', '1.2'],
  ]);
});

test('a data check refuses hours that are certain without a known capacity', async () => {
  const offenders = async (): Promise<unknown[]> =>
    (await pool.query('select resource_id, defect from intermediate.unproven_charge')).rows;
  await land(pool, 'flexmetal.servers', '2026-10-20T08:30:00Z', servers.slice(0, 1));
  await transformAt('2026-10-20T12:00:00Z');
  expect(await charges()).toEqual([['a', 'server-hours', '4', '4', '1.6']]);
  expect(await offenders()).toEqual([]);
  await pool.query('update mart.accrual set uncertainty = 0');
  expect(await offenders()).toEqual([
    { resource_id: 'a', defect: `certain without a known capacity of contract ${CONTRACT}` },
  ]);
  await pool.query('update mart.accrual set uncertainty = 1.6');
});

test('the quota answers that decided a capacity are among the sources of its hours', async () => {
  await land(pool, 'flexmetal.servers', '2026-10-20T08:30:00Z', servers);
  await quota('2026-10-20T08:00:00Z', 1, 1);
  await quota('2026-10-20T10:00:00Z', 3, 2);
  await transformAt('2026-10-20T12:00:00Z');
  const { rows } = await pool.query(
    `select known.resource_id, known.meter,
       array_agg(version.payload #>> '{quotaUsage,1,quota}' order by version.version_id) as quotas
     from intermediate.known_charge as known
     join landing.version on version.version_id = any (known.source_versions)
     where version.entity = 'flexmetal.quota'
     group by known.resource_id, known.meter order by known.resource_id, known.meter`,
  );
  expect(rows).toEqual([
    { resource_id: POOL, meter: 'unused-commitment-hours', quotas: ['1', '3'] },
    { resource_id: 'a', meter: 'committed-server-hours', quotas: ['1', '3'] },
    { resource_id: 'b', meter: 'committed-server-hours', quotas: ['3'] },
    { resource_id: 'b', meter: 'overflow-server-hours', quotas: ['1', '3'] },
  ]);
});
