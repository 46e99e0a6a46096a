/**
 * Goal: what may be missing or wrong in the cost of an account and month is a row with an amount, or says
 * that nothing bounds it. Method: planted charges of 24 USD a day (1 USD an hour) for ten days of October,
 * and one reason at a time; amounts are by hand.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { createPlantedProduct, plant, transformAt } from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';
import { dailyCosts } from '../budgets/planted-budgets.ts';

const NOW = '2026-10-11T00:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  await plant(pool, dailyCosts('a', '2026-10-01', 10, '24'));
  await transformAt(pool, NOW);
});

async function uncertainty(): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select to_char(month, 'YYYY-MM') as month, kind, about, trim_scale(amount)::text as amount, detail
     from mart.rpt_month_uncertainty order by month, kind, about`,
  );
  return rows;
}

const expectStream = (stream: string, retells: string | null) =>
  pool.query(
    `insert into landing.expectation (
       account_id, stream, expected_from, stale_after, is_metering, retells
     ) values ('test-account', $1, '2026-09-29T00:00:00Z', '6 hours', true, $2::interval)`,
    [stream, retells],
  );

const sync = (stream: string, at: string, outcome: string) =>
  pool.query(
    `insert into landing.sweep (account_id, stream, slice, started_at, duration_ms, outcome, error,
       requests, retries, pages, records, records_new, records_changed, records_gone,
       records_quarantined)
     values ('test-account', $1, '', $2, 0, $3, nullif($3, 'complete'), 1, 0, 1, 1, 0, 0, 0, 0)`,
    [stream, at, outcome],
  );

test('nothing is uncertain where nothing is in doubt', async () => {
  expect(await uncertainty()).toEqual([]);
});

test('what charges declare is counted in the reporting currency', async () => {
  const charges = dailyCosts('b', '2026-10-01', 10, '24', { uncertainty: '0.5', currency: 'EUR' });
  await plant(pool, [...dailyCosts('a', '2026-10-01', 10, '24'), ...charges]);
  await transformAt(pool, NOW, [{ base: 'EUR', day: '2026-09-28', rate: '1.2' }]);
  expect(await uncertainty()).toMatchObject([
    { month: '2026-10', kind: 'declared by charges', about: 'EUR', amount: '6' },
  ]);
});

test('a metering stream that was never asked may hide its hours at the highest daily cost', async () => {
  await expectStream('planted.usage', null);
  expect(await uncertainty()).toMatchObject([
    { month: '2026-09', kind: 'never synced', about: 'planted.usage', amount: '48' },
    {
      month: '2026-10',
      kind: 'never synced',
      amount: '240',
      detail: '240.0 hours from 2026-10-01T00:00Z',
    },
  ]);
});

test('a metering stream that is refused may hide the hours since it was last complete', async () => {
  await expectStream('planted.usage', null);
  await sync('planted.usage', '2026-10-09T00:00:00Z', 'complete');
  await pool.query(
    `insert into landing.watermark values
       ('test-account', 'planted.usage', '', '2026-10-09T00:00:00Z', 1, '', 1)`,
  );
  expect(await uncertainty()).toEqual([]);
  await sync('planted.usage', '2026-10-09T06:00:00Z', 'denied');
  expect(await uncertainty()).toMatchObject([
    { month: '2026-10', kind: 'refused by the provider', about: 'planted.usage', amount: '48' },
  ]);
});

test('a gap of which the provider reports nothing later hides its hours, once', async () => {
  await expectStream('planted.list', '24 hours');
  await sync('planted.list', '2026-09-29T00:00:00Z', 'complete');
  await sync('planted.list', '2026-10-08T00:00:00Z', 'complete');
  await sync('planted.list', '2026-10-10T18:00:00Z', 'complete');
  const rows = await uncertainty();
  expect(rows.filter((row) => (row as { month: string }).month === '2026-10')).toMatchObject([
    // 168 hours to the 8th and 60 from 06:00 of it, at 1 an hour.
    { kind: 'not synced', about: 'planted.list', amount: '228' },
  ]);
});

test('a record in quarantine may hide a resource for as long as it waits', async () => {
  await expectStream('planted.list', null);
  await sync('planted.list', NOW, 'complete');
  await pool.query(
    `insert into landing.quarantine (account_id, stream, entity, slice, record_key, content_hash,
       payload, reason, first_seen_at, last_seen_at)
     values ('test-account', 'planted.list', 'thing', '', 'k', '', '{}', 'no id',
       '2026-10-09T12:00:00Z', '2026-10-10Z')`,
  );
  expect(await uncertainty()).toMatchObject([
    {
      month: '2026-10',
      kind: 'waits in quarantine',
      about: 'planted.list',
      amount: '36',
      detail: '1 record(s), the oldest since 2026-10-09T12:00Z',
    },
  ]);
});

// Set aside at 12:00, listed no more at 16:00: it may have cost a day of the most expensive resource (24).
test('a record that is gone before it could be read may have cost a day', async () => {
  await expectStream('planted.list', null);
  await sync('planted.list', NOW, 'complete');
  await pool.query(
    `insert into landing.quarantine (account_id, stream, entity, slice, record_key, content_hash,
       payload, reason, first_seen_at, last_seen_at, released_at)
     select 'test-account', 'planted.list', 'thing', '', key, '', '{}', 'no amount',
       '2026-10-08T12:00:00Z', '2026-10-08T12:00:00Z', '2026-10-08T16:00:00Z'
     from unnest(array['never-read', 'read-later', null]) as key`,
  );
  await pool.query(
    `insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
       first_sweep_id, seen_from)
     values ('test-account', 'thing', '', 'read-later', '', '{}', 1, '2026-10-08T16:00Z')`,
  );
  expect(await uncertainty()).toMatchObject([
    {
      month: '2026-10',
      kind: 'gone from quarantine',
      about: 'planted.list',
      amount: '24',
      detail: '1 record(s), the oldest since 2026-10-08T12:00Z',
    },
  ]);
});

test('a stale exchange rate says its age, and the widest known move bounds it', async () => {
  await plant(pool, dailyCosts('a', '2026-10-01', 10, '24', { currency: 'EUR' }));
  const old = { base: 'EUR', day: '2026-08-02', rate: '1.1' };
  await transformAt(pool, '2026-10-11T00:00:01Z', [old]);
  expect(await uncertainty()).toEqual([
    {
      month: '2026-10',
      kind: 'stale exchange rate',
      about: 'EUR/USD',
      amount: null,
      detail: 'the rate in force is up to 69 days old',
    },
  ]);
  await transformAt(pool, '2026-10-11T00:00:02Z', [
    { base: 'EUR', day: '2026-07-01', rate: '1' },
    old,
  ]);
  // 240 EUR are 264 USD; the rate has moved by a tenth.
  expect(await uncertainty()).toMatchObject([{ amount: '26.4' }]);
});

test('a month with costs and without any figure of the provider is listed as not compared', async () => {
  const read = async () =>
    (
      await pool.query(
        `select provider, to_char(month, 'YYYY-MM') as month, trim_scale(billed_cost)::text as cost
         from mart.rpt_uncompared_month`,
      )
    ).rows;
  expect(await read()).toEqual([{ provider: 'planted', month: '2026-10', cost: '240' }]);
  await pool.query(
    `insert into mart.reconciliation (account_id, provider, month, source, line, measure, unit, ours,
       theirs, difference, class, uncertainty, rounding, tax, is_final, is_proof, source_versions,
       checked_at)
     values ('test-account', 'planted', '2026-10-01', 'invoice', 'x', 'money', 'USD', 240, 240, 0,
       'matched', 0, 0, 0, true, true, '{}', '2026-10-11Z')`,
  );
  expect(await read()).toEqual([]);
});
