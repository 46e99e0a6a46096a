/**
 * Goal: a running term tells what has run up, what it will have cost, and what the next one costs;
 * what has run up is what stands in the ledger. Method: bills land through the production writer and
 * are transformed; figures are by hand: one node at 1.00 USD an hour, one at 0.50.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { type Bill, landBill, landClouds, transformAt } from '../openmetal/warehouse.ts';

const CLOUD = 'cloud-1';
const START = '2026-10-01T12:00:00Z';
const END = '2026-10-31T12:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const NODES = [
  { id: 1, code: 'medium_v4', cents: 100, createdAt: START, node: 'node-1' },
  { id: 2, code: 'medium_v4', cents: 50, createdAt: START, node: 'node-2' },
];

const bill = (more: Partial<Bill> = {}): Bill => ({
  at: '2026-10-11T12:00:00Z',
  term: [START, END],
  activatedAt: START,
  grossCents: 108_000,
  assets: NODES,
  ...more,
});

async function seen(now: string, told: Bill): Promise<void> {
  await landClouds(pool, told.at, [CLOUD]);
  await landBill(pool, CLOUD, told);
  await transformAt(pool, now);
}

interface Term {
  readonly soFar: string;
  readonly cost: string;
  readonly stated: string | null;
  readonly next: string | null;
  readonly assets: string;
  readonly daysLeft: string;
  readonly starts: string;
  readonly isShown: boolean;
}

async function terms(): Promise<Term[]> {
  const { rows } = await pool.query<Term>(
    `select trim_scale(cost_so_far)::text as "soFar", trim_scale(term_cost)::text as cost,
       trim_scale(stated_cost)::text as stated, trim_scale(next_term_cost)::text as next,
       assets::text as assets, trim_scale(days_left)::text as "daysLeft",
       to_char(starts_at at time zone 'UTC', 'MM-DD HH24:MI') as starts, is_shown as "isShown"
     from mart.rpt_term`,
  );
  return rows;
}

test('runs up by whole hours, and costs what the bill says at its end', async () => {
  await seen('2026-10-11T12:30:00Z', bill());
  expect(await terms()).toEqual([
    {
      soFar: '360',
      cost: '1080',
      stated: '1080',
      next: '1080',
      assets: '2',
      daysLeft: '19.979',
      starts: '10-01 12:00',
      isShown: true,
    },
  ]);
  const { rows } = await pool.query<{ cost: string }>(
    'select trim_scale(sum(billed_cost))::text as cost from intermediate.known_charge',
  );
  expect(rows[0]?.cost).toBe('360');
});

test('owes what is removed to the end of the term, and not in the next; discounts stay', async () => {
  const removed = NODES.map((node) =>
    node.id === 2 ? { ...node, removedAt: '2026-10-06T12:00:00Z' } : node,
  );
  await seen('2026-10-11T12:00:00Z', bill({ netCents: 97_200, assets: removed }));
  expect(await terms()).toMatchObject([
    { soFar: '360', cost: '972', stated: '972', next: '648', assets: '1' },
  ]);
});

test('a term that no bill shows yet is stepped to, at the same length', async () => {
  await seen('2026-11-01T12:00:00Z', bill());
  expect(await terms()).toMatchObject([
    {
      soFar: '36',
      cost: '1080',
      stated: null,
      starts: '10-31 12:00',
      daysLeft: '29',
      isShown: false,
    },
  ]);
});

test('a subscription that does not renew has no next term, and none after its end', async () => {
  const told = bill({ state: 'canceled' });
  await seen('2026-10-11T12:00:00Z', told);
  expect(await terms()).toMatchObject([{ cost: '1080', next: null }]);
  await transformAt(pool, '2026-11-01T12:00:00Z');
  expect(await terms()).toEqual([]);
});
