/**
 * Goal: a day that stands out is told, in money worth telling; what repeats weekly, what is not known
 * yet and what is hidden by a gap is not. Method: planted daily costs, worked out by hand.
 */
import type pg from 'pg';
import { describe, expect, test } from 'vitest';
import { refreshAnomalies } from '../../../transforms/anomaly/refresh-anomalies.ts';
import {
  createPlantedProduct,
  type PlantedCharge,
  plant,
  transformAt,
} from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2026, 7, 31); // a Monday
const DAYS = 42;
const NOW = new Date(FIRST_MS + DAYS * DAY_MS).toISOString();

function dayAt(index: number): string {
  return new Date(FIRST_MS + index * DAY_MS).toISOString().slice(0, 10);
}

type CostOf = (index: number) => number | null;

/** 42 days of the costs that are said; no charge where null is. */
function chargesOf(costOf: CostOf): PlantedCharge[] {
  return Array.from({ length: DAYS }, (_, index) => ({ index, cost: costOf(index) }))
    .filter(({ cost }) => cost !== null)
    .map(({ index, cost }) => ({
      key: `planted/a/${index}`,
      start: `${dayAt(index)}T00:00:00Z`,
      end: `${dayAt(index)}T23:00:00Z`,
      quantity: String(cost),
      price: '1',
    }));
}

async function plantDays(pool: pg.Pool, costOf: CostOf, now = NOW): Promise<void> {
  await createPlantedProduct(pool);
  await plant(pool, chargesOf(costOf));
  await transformAt(pool, now);
}

async function anomaliesAt(pool: pg.Pool, now = NOW): Promise<Record<string, unknown>[]> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await refreshAnomalies(connection, Date.parse(now));
    await connection.query('commit');
  } finally {
    connection.release();
  }
  const { rows } = await pool.query(
    `select cost_date, trim_scale(expected_cost)::text as expected,
       trim_scale(actual_cost)::text as actual, trim_scale(score)::text as score, direction,
       trim_scale(floor_cost)::text as floor
     from mart.anomaly where scope_kind = 'provider' order by cost_date`,
  );
  return rows;
}

const isSaturday = (index: number): boolean => index % 7 === 5;

describe('a day stands out', () => {
  // 200 more than expected, in fifths of the floor of 25: 40 of them.
  test('when it costs much more than the weeks before, for all its scopes', async () => {
    const { pool } = await testDatabase();
    await plantDays(pool, (index) => (index === 37 ? 300 : 100));
    const spike = { expected: '100', actual: '300', score: '40', direction: 'up', floor: '25' };
    expect(await anomaliesAt(pool)).toEqual([{ cost_date: dayAt(37), ...spike }]);
    const { rows } = await pool.query(
      'select scope_kind, scope_value, reporting_currency from mart.anomaly order by 1',
    );
    expect(rows).toEqual([
      { scope_kind: 'provider', scope_value: 'planted', reporting_currency: 'USD' },
      { scope_kind: 'sku', scope_value: '(no SKU)', reporting_currency: 'USD' },
      { scope_kind: 'team', scope_value: '(no team)', reporting_currency: 'USD' },
    ]);
  });

  test('at the floor, and not below it', async () => {
    const at = await testDatabase();
    await plantDays(at.pool, (index) => (index === 37 ? 125 : 100));
    expect(await anomaliesAt(at.pool)).toMatchObject([{ score: '5' }]);
    const below = await testDatabase();
    await plantDays(below.pool, (index) => (index === 37 ? 124 : 100));
    expect(await anomaliesAt(below.pool)).toEqual([]);
  });

  test('when nothing is charged although everything was looked at', async () => {
    const { pool } = await testDatabase();
    await plantDays(pool, (index) => (index === 37 ? null : 100));
    expect(await anomaliesAt(pool)).toEqual([
      {
        cost_date: dayAt(37),
        expected: '100',
        actual: '0',
        score: '-20',
        direction: 'down',
        floor: '25',
      },
    ]);
  });

  // Saturdays cost 40: 100 on one of them is odd, and 40 on a Wednesday.
  test('against its own weekday', async () => {
    const { pool } = await testDatabase();
    const costOf = (index: number): number => (isSaturday(index) ? 40 : 100);
    await plantDays(pool, (index) => (index === 40 ? 100 : index === 37 ? 40 : costOf(index)));
    expect(await anomaliesAt(pool)).toMatchObject([
      { cost_date: dayAt(37), expected: '100', actual: '40', direction: 'down' },
      { cost_date: dayAt(40), expected: '40', actual: '100', direction: 'up' },
    ]);
  });

  // 3 more each day: four days after the middle of the last week, 12 more than its median.
  test('but not as part of steady growth', async () => {
    const { pool } = await testDatabase();
    await plantDays(pool, (index) => 100 + 3 * index);
    expect(await anomaliesAt(pool)).toEqual([]);
  });

  test('for as long as it does: a corrected day is told no more', async () => {
    const { pool } = await testDatabase();
    await plantDays(pool, (index) => (index === 37 ? 300 : 100));
    expect(await anomaliesAt(pool)).toHaveLength(1);
    await plant(
      pool,
      chargesOf(() => 100),
    );
    await transformAt(pool, NOW);
    expect(await anomaliesAt(pool)).toEqual([]);
  });
});

describe('silence is not zero', () => {
  test('a day that is not over is not looked at', async () => {
    const { pool } = await testDatabase();
    const noon = `${dayAt(DAYS - 1)}T12:00:00Z`;
    await plantDays(pool, (index) => (index === DAYS - 1 ? 10 : 100), noon);
    expect(await anomaliesAt(pool, noon)).toEqual([]);
  });

  test('nor one that a stream with charges was not looked at after', async () => {
    const { pool } = await testDatabase();
    await plantDays(pool, (index) => (index === DAYS - 1 ? 10 : 100));
    expect(await anomaliesAt(pool)).toHaveLength(1);
    await expectLooks(pool, '1 day', `${dayAt(DAYS - 1)}T18:00:00Z`);
    expect(await anomaliesAt(pool)).toEqual([]);
  });

  test('nor one that a gap in coverage hides', async () => {
    const { pool } = await testDatabase();
    await plantDays(pool, (index) => (index === 37 ? 10 : 100));
    expect(await anomaliesAt(pool)).toHaveLength(1);
    await expectLooks(pool, '3 hours', NOW, dayAt(37));
    expect(await anomaliesAt(pool)).toEqual([]);
  });
});

/** Hourly looks at a metering stream until `until`, none on `silentDay`; it retells two hours. */
async function expectLooks(
  pool: pg.Pool,
  staleAfter: string,
  until: string,
  silentDay: string | null = null,
): Promise<void> {
  await pool.query(
    `insert into landing.expectation values ('test-account', 'x.list', $1, $2, true, '2 hours')`,
    [`${dayAt(0)}T00:00:00Z`, staleAfter],
  );
  await pool.query(
    `insert into landing.sweep (account_id, stream, slice, started_at, duration_ms, outcome,
       requests, retries, pages, records, records_new, records_changed, records_gone,
       records_quarantined)
     select 'test-account', 'x.list', '', at, 1, 'complete', 1, 0, 1, 1, 0, 0, 0, 0
     from generate_series($1::timestamptz, $2::timestamptz, interval '1 hour') as at
     where at::date is distinct from $3::date`,
    [`${dayAt(0)}T00:00:00Z`, until, silentDay],
  );
  await pool.query(
    `insert into landing.watermark (account_id, stream, slice, complete_at, records, sweep_id,
       pages_hash)
     select account_id, stream, slice, max(started_at), 1, max(sweep_id), ''
     from landing.sweep group by account_id, stream, slice`,
  );
}
