/**
 * Goal: whose a cost is does not depend on the server's language. Method: the same planted tags and
 * charges in a database that sorts by bytes and in one that sorts as English does.
 */
import { expect, test } from 'vitest';
import { explain } from '../../transforms/explain/explain.ts';
import {
  createPlantedProduct,
  plant,
  plantResource,
  transformAt,
} from '../support/planted-product.ts';
import { createDatabaseWithLocale, testDatabase } from '../support/postgres.ts';

const TAGS = {
  two: ['team:Zeta', 'team:alpha'],
  dash: ['team:a-z', 'team:ab'],
  empty: ['team:', 'team:nlp'],
} as const;

test.for(['by bytes', 'en-US'] as const)(
  'sorted %s, the first tag by bytes that has a value names the team',
  async (order, { onTestFinished }) => {
    const database =
      order === 'en-US' ? await createDatabaseWithLocale('en-US') : await testDatabase();
    if (order === 'en-US') onTestFinished(() => database.close());
    const { pool } = database;
    await createPlantedProduct(pool);
    for (const [resource, tags] of Object.entries(TAGS))
      await plantResource(pool, resource, { tags });
    await plant(
      pool,
      Object.keys(TAGS).map((resource) => ({
        key: `planted/${resource}`,
        resource,
        start: '2026-10-05T00:00:00Z',
        end: '2026-10-05T12:00:00Z',
        quantity: '1',
        price: '1',
      })),
    );
    await transformAt(pool, '2026-10-06T00:00:00Z');
    const { rows } = await pool.query<{ line: string }>(
      `select resource_id || ': ' || team as line from mart.rpt_cost_owned_daily
     order by resource_id collate "C"`,
    );
    expect(rows.map(({ line }) => line)).toEqual(['dash: a-z', 'empty: nlp', 'two: Zeta']);
    const { rows: keys } = await pool.query<{ charge_key: string }>(
      'select charge_key from ledger.charge order by charge_id',
    );
    expect(keys.map((row) => row.charge_key)).toEqual([
      'planted/dash',
      'planted/empty',
      'planted/two',
    ]);
    const { rows: byTags } = await pool.query(
      `select team from mart.owner_of_tags('{team:Zeta,team:alpha,env:b,env:A}')`,
    );
    expect(byTags).toEqual([{ team: 'Zeta' }]);
    expect(
      (
        await explain(pool, {
          subjects: ['two'],
          account: null,
          meter: null,
          month: null,
          reportingCurrency: 'USD',
        })
      ).charges,
    ).toHaveLength(1);
  },
);
