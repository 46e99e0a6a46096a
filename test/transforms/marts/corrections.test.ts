/**
 * Goal: the correction feed tells what a run changed of what had been entered, why, in which month
 * it is stated, and what was added to a closed month; a plain first entry is none. Method: planted
 * charges of one resource, entered, restated, withdrawn and posted again.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { monthRange } from '../../../foundation/months.ts';
import { charge } from '../../support/planted-books.ts';
import {
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  transformAt,
} from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
});

/** The feed as lines: when, what, which days, old and new amount, where it is stated. */
async function corrections(): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select format('%s %s, %s charges of %s to %s: %s -> %s %s (%s), in %s%s',
       to_char(recorded_at at time zone 'UTC', 'MM-DD'), reason, charges,
       to_char(first_date, 'MM-DD'), to_char(last_date, 'MM-DD'), trim_scale(old_cost),
       trim_scale(new_cost), billing_currency, coalesce(trim_scale(reporting_difference)::text, '?'),
       to_char(statement_month, 'YYYY-MM'), case when is_of_closed_month then ', closed' else '' end
     ) as line
     from mart.rpt_correction order by recorded_at, reason, charge_month, difference`,
  );
  return rows.map((row) => row.line);
}

describe('mart.rpt_correction', () => {
  test('one line per run, resource, month and reason, with both amounts', async () => {
    await plant(pool, [charge('2026-09-29', '10'), charge('2026-09-30', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    expect(await corrections()).toEqual([]);
    await plant(pool, [charge('2026-09-29', '12'), charge('2026-09-30', '14')]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    expect(await corrections()).toEqual([
      '10-02 quantity restated, 2 charges of 09-29 to 09-30: 5 -> 6.5 USD (1.5), in 2026-09',
    ]);
  });

  test('what is withdrawn is 0 after, what comes back later was 0 before', async () => {
    await plant(pool, [charge('2026-09-29', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    await plant(pool, []);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    await plant(pool, [charge('2026-09-29', '10')]);
    await transformAt(pool, '2026-10-03T00:00:00Z');
    expect(await corrections()).toEqual([
      '10-02 withdrawn: the facts no longer support it, 1 charges of 09-29 to 09-29: 2.5 -> 0 USD (-2.5), in 2026-09',
      '10-03 posted again, 1 charges of 09-29 to 09-29: 0 -> 2.5 USD (2.5), in 2026-09',
    ]);
  });

  // Each price has charges of its own: the day's charge goes and another one comes.
  test('charges that take the place of others of the day are one line with them', async () => {
    const dearer = { key: 'planted/1/dearer', price: '0.5' };
    await plant(pool, [charge('2026-09-29', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    await closeAt(pool, '2026-10-01T00:00:00Z', monthRange('2026-09'));
    await plant(pool, [charge('2026-09-29', '10', dearer), charge('2026-10-01', '10')]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    await plant(pool, [
      charge('2026-09-29', '10', dearer),
      charge('2026-10-01', '10', { ...dearer, key: 'planted/1/dearer/10-01' }),
    ]);
    await transformAt(pool, '2026-10-03T00:00:00Z');
    expect(await corrections()).toEqual([
      '10-02 replaced by other charges, 1 charges of 09-29 to 09-29: 2.5 -> 5 USD (2.5), in 2026-10, closed',
      '10-03 replaced by other charges, 1 charges of 10-01 to 10-01: 2.5 -> 5 USD (2.5), in 2026-10',
    ]);
  });

  test('of a closed month also what is learnt for the first time, stated in the open one', async () => {
    await plant(pool, [charge('2026-09-29', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    await closeAt(pool, '2026-10-02T00:00:00Z', monthRange('2026-09'));
    await plant(pool, [
      charge('2026-09-29', '14'),
      charge('2026-09-30', '10'),
      charge('2026-10-01', '10'),
    ]);
    await transformAt(pool, '2026-10-05T00:00:00Z');
    expect(await corrections()).toEqual([
      '10-05 learnt after the close, 1 charges of 09-30 to 09-30: 0 -> 2.5 USD (2.5), in 2026-10, closed',
      '10-05 quantity restated, 1 charges of 09-29 to 09-29: 2.5 -> 3.5 USD (1), in 2026-10, closed',
    ]);
  });

  test('currencies stay apart, and without a rate the reporting amount is not known', async () => {
    await plant(pool, [charge('2026-09-29', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    await plant(pool, [charge('2026-09-29', '10', { currency: 'EUR' })]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    expect(await corrections()).toEqual([
      '10-02 exchange rate restated, 1 charges of 09-29 to 09-29: 2.5 -> 0 USD (-2.5), in 2026-09',
      '10-02 exchange rate restated, 1 charges of 09-29 to 09-29: 0 -> 2.5 EUR (?), in 2026-09',
    ]);
  });

  test('a line names the resource and whose it is', async () => {
    await plantResource(pool, 'resource-1', { name: 'host-1', tags: ['team:nlp'] });
    await plant(pool, [charge('2026-09-29', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    await plant(pool, [charge('2026-09-29', '12')]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    const { rows } = await pool.query('select resource_name, team from mart.rpt_correction');
    expect(rows).toEqual([{ resource_name: 'host-1', team: 'nlp' }]);
  });

  test('the team is that of the corrected days, as the closed statement charges them, not that of now', async () => {
    const team = async (): Promise<unknown[]> => {
      const { rows } = await pool.query(
        `select to_char(recorded_at at time zone 'UTC', 'MM-DD') as learnt, team
         from mart.rpt_correction order by recorded_at, charge_month`,
      );
      return rows.map((row) => `${row.learnt} ${row.team}`);
    };
    await plantResource(pool, 'resource-1', { to: '2026-09-15', tags: ['team:nlp'] });
    await plantResource(pool, 'resource-1', { from: '2026-09-15', tags: ['team:web'] });
    const days = (september: string, october: string): PlantedCharge[] => [
      charge('2026-09-10', september),
      charge('2026-09-20', '10'),
      charge('2026-10-02', october),
    ];
    await plant(pool, days('10', '10'));
    await transformAt(pool, '2026-10-03T00:00:00Z');
    // September is open: its first half is nlp's.
    await plant(pool, days('11', '10'));
    await transformAt(pool, '2026-10-04T00:00:00Z');
    expect(await team()).toEqual(['10-04 nlp']);
    await closeAt(pool, '2026-10-05T00:00:00Z', monthRange('2026-09'));
    // All of it moves to ops: what is closed stays nlp's, what is open does not.
    await pool.query(`update public.planted_state set tags = '{team:ops}'`);
    await plant(pool, days('12', '14'));
    await transformAt(pool, '2026-10-06T00:00:00Z');
    expect(await team()).toEqual(['10-04 nlp', '10-06 nlp', '10-06 ops']);
    // Both halves at once have both teams.
    await plant(pool, [charge('2026-10-02', '14')]);
    await transformAt(pool, '2026-10-07T00:00:00Z');
    expect((await team()).slice(3)).toEqual(['10-07 nlp, web']);
  });

  // The index must be usable for the view's own condition: the feed reads days, not the ledger.
  test('a range of days is answered by the index of corrections', async () => {
    await plant(pool, [charge('2026-09-29', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    const connection = await pool.connect();
    try {
      await connection.query('set enable_seqscan = off');
      const { rows } = await connection.query<{ 'QUERY PLAN': string }>(
        `explain select * from mart.rpt_correction where recorded_at > '2026-10-01T12:00:00Z'`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/charge_corrections[\s\S]+Index Cond: \(+recorded_at >/);
    } finally {
      await connection.query('reset enable_seqscan');
      connection.release();
    }
  });
});
