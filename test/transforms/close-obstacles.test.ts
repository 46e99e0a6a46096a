/** Goal: a month does not close over what would make its statement wrong. Method: planted charges and obstacles. */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { monthRange } from '../../foundation/months.ts';
import { charge } from '../support/planted-books.ts';
import { closeAt, createPlantedProduct, plant, transformAt } from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';

const SEPTEMBER = monthRange('2026-09');
const NOW = '2026-10-02T00:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
});

describe('closing a month', () => {
  test('refuses while money is in suspense; forced, it records what stood in the way', async () => {
    await plant(pool, [charge('2026-09-01', '10', { priceSource: 'missing', price: '0' })]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    const refused = await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    expect(refused).toMatchObject({
      isClosed: false,
      obstacles: [{ kind: 'suspense', occurrences: 1, example: 'resource-1' }],
    });
    expect((await pool.query('select 1 from ledger.closed_month')).rows).toEqual([]);
    await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER, true);
    const { rows } = await pool.query(
      `select is_forced, obstacles -> 0 ->> 'kind' as kind from ledger.closed_month`,
    );
    expect(rows).toEqual([{ is_forced: true, kind: 'suspense' }]);
  });

  test('refuses while a record is in quarantine or a change is not taken into account', async () => {
    await plant(pool, [charge('2026-09-01', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    await pool.query(
      `insert into landing.quarantine (account_id, stream, entity, slice, record_key, content_hash,
         payload, reason, first_seen_at, last_seen_at)
       values ('a', 's', 'thing', '', 'k', '', '{}', 'no id', '2026-09-05Z', '2026-09-05Z')`,
    );
    await pool.query(
      `insert into landing.change (account_id, entity, slice, record_key, version_id, kind)
       values ('a', 'thing', '', 'k', 1, 'new')`,
    );
    const { obstacles } = await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    expect(obstacles.map(({ kind }) => kind)).toEqual([
      'changes not taken into account',
      'quarantine',
    ]);
  });

  test('refuses while nobody looked for longer than the provider remembers', async () => {
    await plant(pool, [charge('2026-09-01', '10')]);
    await pool.query(
      `insert into landing.expectation values ('test-account', 'x.list', '2026-09-01Z', '3 hours',
         true, '24 hours')`,
    );
    await pool.query(
      `insert into landing.sweep (account_id, stream, slice, started_at, duration_ms, outcome, requests,
         retries, pages, records, records_new, records_changed, records_gone, records_quarantined)
       select 'test-account', 'x.list', '', at::timestamptz, 1, 'complete', 1, 0, 1, 1, 0, 0, 0, 0
       from unnest(array['2026-09-01Z', '2026-09-03Z', '2026-10-02Z']) as at`,
    );
    await transformAt(pool, '2026-10-01T00:00:00Z');
    const { obstacles } = await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    expect(obstacles).toMatchObject([{ kind: 'missing coverage', occurrences: 2 }]);
    const { rows } = await pool.query(
      `select to_char(starts_at, 'MM-DD HH24') as from, trim_scale(may_hide_cost)::text as hides
       from mart.rpt_coverage_gap order by starts_at`,
    );
    // 10 h at 0.25 on the day before the second gap would be its pace; there was none.
    expect(rows).toEqual([
      { from: '09-01 03', hides: null },
      { from: '09-03 03', hides: null },
    ]);
  });

  test('refuses a month, also the first, that a metering stream did not report after its end; forced, it records it', async () => {
    await plant(pool, [charge('2026-09-01', '10')]);
    await pool.query(
      `insert into landing.expectation values
         ('test-account', 'planted.list', '2026-09-01Z', '40 days', true, null),
         ('test-account', 'planted.offers', '2026-09-01Z', '40 days', false, null),
         ('other-account', 'planted.list', '2026-09-01Z', '40 days', true, null),
         ('retired-account', 'planted.list', '2026-09-01Z', '40 days', true, null)`,
    );
    await pool.query(
      `update landing.expectation set expected_until = '2026-09-20Z' where account_id = 'retired-account'`,
    );
    const sync = (at: string, outcome = 'complete') =>
      pool.query(
        `insert into landing.sweep (account_id, stream, slice, started_at, duration_ms, outcome, error,
           requests, retries, pages, records, records_new, records_changed, records_gone,
           records_quarantined)
         select 'test-account', 'planted.list', '', $1, 1, $2::text,
           case when $2::text <> 'complete' then 'no answer' end, 1, 0, 1, 1, 0, 0, 0, 0`,
        [at, outcome],
      );
    await sync('2026-09-01T00:00:00Z');
    await sync('2026-09-30T23:59:59Z');
    await sync('2026-10-01T06:00:00Z', 'failed');
    await transformAt(pool, '2026-10-01T06:00:00Z');
    const { isClosed, obstacles } = await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    expect(isClosed).toBe(false);
    expect(obstacles).toMatchObject([
      {
        kind: 'not reported after its end',
        account_id: 'other-account',
        occurrences: 1,
        example: 'planted.list: last sync never',
      },
      {
        kind: 'not reported after its end',
        account_id: 'test-account',
        occurrences: 1,
        example: 'planted.list: last sync 2026-09-30T23:59:59Z',
      },
    ]);
    await sync('2026-10-01T12:00:00Z');
    const { obstacles: left } = await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER, true);
    expect(left.map((row) => row.account_id)).toEqual(['other-account']);
    const { rows } = await pool.query(
      `select is_forced, obstacles -> 0 ->> 'account_id' as account from ledger.closed_month`,
    );
    expect(rows).toEqual([{ is_forced: true, account: 'other-account' }]);
  });

  test('refuses while a reference file is refused, and no more when it is in force', async () => {
    await plant(pool, [charge('2026-09-01', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    await pool.query(
      `update reference.file_state
     set refused_at = '2026-08-20Z', defects = '{line 2: unit_price: is empty}'
     where kind = 'rates'`,
    );
    expect(await closeAt(pool, NOW, SEPTEMBER)).toMatchObject({
      isClosed: false,
      obstacles: [
        {
          kind: 'reference files refused',
          account_id: 'all accounts',
          occurrences: 1,
          example: 'rates: line 2: unit_price: is empty',
        },
      ],
    });
    await pool.query(`update reference.file_state set refused_at = null, defects = '{}'`);
    expect(await closeAt(pool, NOW, SEPTEMBER)).toMatchObject({ isClosed: true, obstacles: [] });
  });
});
