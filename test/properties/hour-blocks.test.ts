/**
 * Goal: FlexMetal and FlexVM owe each hour block begun, on its day, at the price of its start.
 * Method: random fleets land through the production writer; the charge queries against blocks
 * counted one by one.
 */
import * as fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  addRate,
  type Charge,
  CLOUD,
  chargesAt,
  land,
  serverRecord,
  vmRecord,
} from '../transforms/i3d/warehouse.ts';
import { addUnits, linesOf, unitsOf } from './decimal.ts';
import { emptyWarehouse } from './empty-warehouse.ts';
import { hold } from './hold.ts';
import { fleet, type Life, owedByBlocks, rateRows } from './i3d-lives.ts';
import { isoOf } from './periods.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
});
afterAll(() => database.close());

/** An end that has come is told; one that lies ahead nobody knows. */
const toldEnd = ({ endMs }: Life, nowMs: number): string | null =>
  endMs === null || endMs > nowMs ? null : isoOf(endMs);

/** Another server's use: 80 minutes of January are 2 hours, so each month is rounded up anew. */
const ROUNDED_BY_MONTH = {
  server: serverRecord({
    uuid: 'other',
    deliveredAt: '2025-12-31T21:50:00Z',
    releasedAt: '2026-01-01T01:20:00Z',
  }),
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: '2026-01-01T01:20:00Z',
  totalHours: 2,
};

const LANDERS = {
  flexmetal: async (lives: readonly Life[], nowMs: number): Promise<void> => {
    await land(pool, 'flexmetal.usage', isoOf(nowMs), [ROUNDED_BY_MONTH], '2026-01');
    await land(pool, 'flexmetal.servers', isoOf(nowMs), [
      ...lives.map((life) =>
        serverRecord({
          uuid: life.id,
          deliveredAt: life.startMs > nowMs ? null : isoOf(life.startMs),
          releasedAt: toldEnd(life, nowMs),
        }),
      ),
    ]);
  },
  flexvm: (lives: readonly Life[], nowMs: number): Promise<void> =>
    land(
      pool,
      'flexvm.vms',
      isoOf(nowMs),
      lives
        .filter(({ startMs }) => startMs <= nowMs)
        .map((life) =>
          vmRecord({
            id: life.id,
            createdAt: isoOf(life.startMs),
            deletedAt: toldEnd(life, nowMs),
          }),
        ),
      CLOUD,
    ),
} as const;

/** Hours and costs charged, as `owedByBlocks` counts them. */
function charged(charges: readonly Charge[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { resource, day, hours, cost } of charges) {
    addUnits(sums, `${resource} ${day} hours`, unitsOf(hours));
    addUnits(sums, `${resource} ${day} cost`, unitsOf(cost));
  }
  return sums;
}

describe.each(['flexmetal', 'flexvm'] as const)('%s', (product) => {
  test('owes each block begun, at the price of its start, whole or from any day on', async () => {
    await hold(
      fc.asyncProperty(fleet, fc.nat(60), async ({ lives, spans, nowMs }, daysBack) => {
        await emptyWarehouse(pool);
        for (const { price, from, to } of rateRows(spans)) {
          await addRate(pool, { product, price, from, ...(to === null ? {} : { to }) });
        }
        await LANDERS[product](lives, nowMs);
        const ids = lives.map(({ id }) => id);
        const owed = owedByBlocks(lives, spans, nowMs);
        const whole = await chargesAt(pool, product, isoOf(nowMs), ids);
        expect(linesOf(charged(whole))).toEqual(linesOf(owed));
        expect(whole.every(({ uncertainty }) => uncertainty === '0')).toBe(true);

        const fromDate = isoOf(nowMs - daysBack * 86_400_000).slice(0, 'YYYY-MM-DD'.length);
        const tail = await chargesAt(pool, product, isoOf(nowMs), ids, fromDate);
        expect(tail).toEqual(whole.filter(({ day }) => day >= fromDate));
      }),
      16,
    );
  });
});
