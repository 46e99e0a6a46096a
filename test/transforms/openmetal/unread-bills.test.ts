/**
 * Goal: what a bill that cannot be read leaves open is estimated, says by how much it can be wrong,
 * and gives way to the bill. Method: answers landed by the production writer on a real database;
 * hours and amounts worked out by hand beside them.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  type Asset,
  type Bill,
  chargesAt,
  landBill,
  landCatalogue,
  landClouds,
  landNodes,
  transformAt,
} from './warehouse.ts';

const ACTIVATED = '2026-03-02T14:30:40+00:00';
const TERM_1 = [ACTIVATED, '2026-04-01T14:30:40+00:00'] as const;
const TERM_2 = ['2026-04-01T14:30:40+00:00', '2026-05-01T14:30:40+00:00'] as const;

const SERVER: Asset = {
  id: 1,
  code: 'baremetal_standard',
  cents: 30,
  createdAt: '2026-02-27T13:25:53+00:00',
  node: 'node-1',
};

const BILL: Omit<Bill, 'at'> = {
  activatedAt: ACTIVATED,
  term: TERM_1,
  grossCents: 0,
  assets: [SERVER],
};

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const costs = async (now: string): Promise<unknown[]> =>
  (await chargesAt(pool, now)).map((charge) => [
    charge.resource,
    charge.cost,
    charge.uncertainty,
    charge.basis,
  ]);

/** What is charged in all, by resource, after a transform; a full one would change nothing. */
async function settled(now: string): Promise<unknown[]> {
  await transformAt(pool, now);
  const full = await transformAt(pool, now, true);
  expect(full).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
  const { rows } = await pool.query<{ resource_id: string; cost: string }>(
    `select resource_id, trim_scale(sum(billed_cost))::text as cost
     from mart.fct_cost_daily group by resource_id having sum(billed_cost) <> 0 order by 1`,
  );
  return rows.map(({ resource_id, cost }) => [resource_id, cost]);
}

// From the activation to 4 March 07:00 are 9 h, 24 h and 7 h at 30 ct.
test('an announced term is assumed to have begun until a bill is read again', async () => {
  const announced = { ...BILL, state: 'future' };
  await landClouds(pool, '2026-03-01T00:00:00Z', ['A']);
  await landBill(pool, 'A', { ...announced, at: '2026-03-01T00:10:00Z' });
  expect(await costs('2026-03-02T14:30:40Z')).toEqual([]);
  expect(await costs('2026-03-04T07:00:00Z')).toEqual([
    ['1', '2.7', '2.7', 'derived'],
    ['1', '7.2', '7.2', 'derived'],
    ['1', '2.1', '2.1', 'derived'],
  ]);
  expect(await settled('2026-03-04T07:00:00Z')).toEqual([['1', '12']]);
  await landBill(pool, 'A', {
    ...announced,
    at: '2026-03-04T07:10:00Z',
    used: { 1: [0, '0'] },
  });
  expect(await settled('2026-03-04T08:00:00Z')).toEqual([]);
  await landBill(pool, 'A', { ...BILL, at: '2026-03-04T09:10:00Z' });
  expect((await chargesAt(pool, '2026-03-04T10:00:00Z')).at(-1)).toMatchObject({
    hours: '10',
    cost: '3',
    uncertainty: '0',
    basis: 'metered',
  });
});

// From 3 March 20:10 to 4 March 06:15 are 3 h and 7 h at the catalogue's 1.10; the bill says 30 ct.
test('a node that joined since the last bill costs the catalogue price until the next', async () => {
  const nodes = { 'node-1': '2026-03-02T14:00:00', 'node-2': '2026-03-03T20:10:00' };
  await landClouds(pool, '2026-03-02T15:00:00Z', ['A']);
  await landCatalogue(pool, '2026-03-02T15:00:00Z', 1100);
  await landBill(pool, 'A', { ...BILL, at: '2026-03-02T15:10:00Z', used: { 1: [0, '0'] } });
  await landNodes(pool, '2026-03-04T00:05:00Z', 'A', nodes);
  const estimated = (await costs('2026-03-04T06:15:00Z')).slice(3);
  expect(estimated).toEqual([
    ['node-2', '3.3', '3.3', 'derived'],
    ['node-2', '7.7', '7.7', 'derived'],
  ]);
  expect(await settled('2026-03-04T06:15:00Z')).toEqual([
    ['1', '11.7'],
    ['node-2', '11'],
  ]);
  const added = { ...SERVER, id: 2, createdAt: '2026-03-03T20:10:00+00:00', node: 'node-2' };
  const assets = [SERVER, added];
  await landBill(pool, 'A', { ...BILL, at: '2026-03-04T06:20:00Z', assets });
  expect(await settled('2026-03-04T06:20:00Z')).toEqual([
    ['1', '11.7'],
    ['2', '3'],
  ]);
});

// The other server rose from 30 ct to 33 ct, by (3 + 0.5) / 30 at most. 6 h x (55 ct x 3.5 / 30 + 0.5
// ct) = 41.5 ct.
test('a rate first stated after a term says how much it may have changed with it', async () => {
  await landClouds(pool, '2026-03-02T15:00:00Z', ['A']);
  await landBill(pool, 'A', { ...BILL, at: '2026-03-02T15:10:00Z' });
  const added = { id: 2, code: 'big', cents: 55, createdAt: '2026-04-01T08:30:00+00:00' };
  await landBill(pool, 'A', {
    ...BILL,
    at: '2026-04-01T18:10:00Z',
    term: TERM_2,
    assets: [{ ...SERVER, cents: 33 }, added],
  });
  const charges = await chargesAt(pool, '2026-04-02T00:00:00Z');
  expect(charges.filter(({ resource }) => resource === '2')).toMatchObject([
    { from: '04-01 08:30:00', cost: '3.3', uncertainty: '0.415' },
    { from: '04-01 14:30:40', cost: '4.95', uncertainty: '0' },
  ]);
});

// The first day has 9 h at 30 ct: they may be wrong by all of it and half a cent an hour more.
test('a rate first stated after a term of which no rate was stated may be wrong by all of it', async () => {
  await landClouds(pool, '2026-04-01T15:00:00Z', ['A']);
  await landBill(pool, 'A', { ...BILL, at: '2026-04-01T18:10:00Z', term: TERM_2 });
  const [first] = await chargesAt(pool, '2026-04-02T00:00:00Z');
  expect(first).toMatchObject({ from: '03-02 14:30:40', cost: '2.7', uncertainty: '2.745' });
});
