/**
 * Goal: the roll-up that dashboards read equals the daily facts after whatever a run can do, with work
 * for what changed only. Method: planted charges and resources that are corrected, moved between
 * teams, shared, closed and rebuilt; after each step the claim that compares the two is asked.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { readChecks, runCheck } from '../../transforms/checks/run-checks.ts';
import { readAllocation } from '../../transforms/reference/read-allocation.ts';
import { createFolder } from '../support/folder.ts';
import {
  allocateBy,
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  rebuildAll,
  transformAt,
} from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  await plantResource(pool, 'web-1', { tags: ['team:web'] });
  await plantResource(pool, 'web-2', { tags: ['team:web'] });
  await plantResource(pool, 'nlp-1', { tags: ['team:nlp'] });
});

const cost = (resource: string, day: string, amount: string, more: Partial<PlantedCharge> = {}) =>
  ({
    key: `planted/${resource}/${day}/${more.meter ?? ''}`,
    resource,
    start: `${day}T00:00:00Z`,
    end: `${day}T12:00:00Z`,
    quantity: '1',
    price: amount,
    ...more,
  }) satisfies PlantedCharge;

/** Every slice's day, `team day amount`, from the roll-up. */
async function slices(): Promise<readonly string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select team || ' ' || cost_date || ' ' || trim_scale(sum(billed_cost)) as line
     from mart.cost_part_daily group by team, cost_date order by team, cost_date`,
  );
  return rows.map((row) => row.line);
}

async function expectEqualToFacts(): Promise<void> {
  const claim = (await readChecks()).find((check) => check.name === 'cost_dimensions_equal_facts');
  if (claim === undefined) throw new Error('the claim is gone');
  const connection = await pool.connect();
  try {
    expect((await runCheck(connection, claim)).examples).toEqual([]);
  } finally {
    connection.release();
  }
}

async function share(yaml: string): Promise<void> {
  const folder = await createFolder();
  try {
    const file = path.join(folder.path, 'allocation.yaml');
    await writeFile(file, yaml);
    allocateBy(await readAllocation(file));
  } finally {
    await folder.remove();
  }
}

test('charges of one slice add up, and a corrected one moves it by the difference', async () => {
  await plant(pool, [cost('web-1', '2026-10-05', '10'), cost('web-2', '2026-10-05', '20')]);
  await transformAt(pool, '2026-10-06T00:00:00Z');
  expect(await slices()).toEqual(['web 2026-10-05 30']);
  await plant(pool, [cost('web-1', '2026-10-05', '11'), cost('web-2', '2026-10-05', '20')]);
  await transformAt(pool, '2026-10-07T00:00:00Z');
  expect(await slices()).toEqual(['web 2026-10-05 31']);
  await expectEqualToFacts();
});

test('a cost that is taken back leaves no row', async () => {
  await plant(pool, [cost('web-1', '2026-10-05', '10'), cost('nlp-1', '2026-10-05', '1')]);
  await transformAt(pool, '2026-10-06T00:00:00Z');
  await plant(pool, [cost('nlp-1', '2026-10-05', '1')]);
  await transformAt(pool, '2026-10-07T00:00:00Z');
  const { rows } = await pool.query('select count(*) as rows from mart.cost_dimension_daily');
  expect(rows).toEqual([{ rows: 1 }]);
  await expectEqualToFacts();
});

test('a resource that is learnt to be another team’s takes its days along', async () => {
  const days = [cost('web-1', '2026-10-05', '10'), cost('web-1', '2026-10-06', '20')];
  await plant(pool, days);
  await transformAt(pool, '2026-10-07T00:00:00Z');
  await pool.query(
    `update public.planted_state set tags = '{team:nlp}' where resource_id = 'web-1'`,
  );
  await transformAt(pool, '2026-10-08T00:00:00Z');
  expect(await slices()).toEqual(['nlp 2026-10-05 10', 'nlp 2026-10-06 20']);
  await expectEqualToFacts();
});

test('an adjustment that turns negative goes to the pool of money back', async () => {
  await share('teams: [{ id: web }, { id: desk }]\nnegative_adjustments: [{ team: desk }]');
  const adjusted = (amount: string) =>
    cost('web-1', '2026-10-05', amount, { meter: 'adjustment', key: 'planted/adjustment' });
  await plant(pool, [adjusted('5')]);
  await transformAt(pool, '2026-10-06T00:00:00Z');
  await plant(pool, [adjusted('-3')]);
  await transformAt(pool, '2026-10-07T00:00:00Z');
  expect(await slices()).toEqual(['desk 2026-10-05 -3']);
  await expectEqualToFacts();
});

test('shared costs are split when read, and follow new rules and new costs', async () => {
  await share(`
teams: [{ id: web }, { id: nlp }]
rules: [{ id: tag, match: { tag: 'team:*' }, set: { team: '*' } }]
shared: [{ id: storage, match: { name: storage }, split: { by: evenly } }]`);
  await plantResource(pool, 'storage-1', { name: 'storage' });
  await plant(pool, [
    cost('web-1', '2026-10-05', '10'),
    cost('nlp-1', '2026-10-05', '10'),
    cost('storage-1', '2026-10-05', '1'),
  ]);
  await transformAt(pool, '2026-10-06T00:00:00Z');
  expect(await slices()).toEqual(['nlp 2026-10-05 10.5', 'web 2026-10-05 10.5']);
  await expectEqualToFacts();
  await share(`rules: [{ id: all, set: { team: lab } }]`);
  await transformAt(pool, '2026-10-07T00:00:00Z');
  expect(await slices()).toEqual(['lab 2026-10-05 21']);
  await expectEqualToFacts();
});

test('a closed month stays as it was stated; its correction is the same team’s whoever has the resource now', async () => {
  await plant(pool, [cost('web-1', '2026-09-05', '10')]);
  await transformAt(pool, '2026-10-01T00:00:00Z');
  await closeAt(pool, '2026-10-02T00:00:00Z', { from: '2026-09-01', to: '2026-10-01' });
  await pool.query(
    `update public.planted_state set tags = '{team:nlp}' where resource_id = 'web-1'`,
  );
  await plant(pool, [cost('web-1', '2026-09-05', '12')]);
  await transformAt(pool, '2026-10-03T00:00:00Z');
  expect(await slices()).toEqual(['web 2026-09-05 12']);
  await expectEqualToFacts();
});

test('a rebuild, and the first run after the upgrade that brought it, make the same', async () => {
  await plant(pool, [cost('web-1', '2026-09-05', '10')]);
  await transformAt(pool, '2026-10-01T00:00:00Z');
  await closeAt(pool, '2026-10-02T00:00:00Z', { from: '2026-09-01', to: '2026-10-01' });
  await plant(pool, [cost('web-1', '2026-09-05', '12'), cost('nlp-1', '2026-10-01', '3')]);
  await transformAt(pool, '2026-10-03T00:00:00Z');
  const before = await slices();
  expect(before).toEqual(['nlp 2026-10-01 3', 'web 2026-09-05 12']);
  await rebuildAll(pool, false);
  expect(await slices()).toEqual(before);
  await pool.query('truncate mart.cost_dimension_daily, mart.cost_dimension');
  await transformAt(pool, '2026-10-04T00:00:00Z');
  expect(await slices()).toEqual(before);
  await expectEqualToFacts();
});

test('the same money is told once per basis and currency', async () => {
  await plant(pool, [cost('web-1', '2026-10-05', '10', { currency: 'EUR' })]);
  await transformAt(pool, '2026-10-06T00:00:00Z', [
    { base: 'EUR', day: '2026-01-01', rate: '1.2' },
  ]);
  const { rows } = await pool.query(
    `select basis, currency, trim_scale(cost)::text as cost from mart.rpt_cost_daily
     order by basis, currency`,
  );
  expect(rows).toEqual([
    { basis: 'billed', currency: 'EUR', cost: '10' },
    { basis: 'billed', currency: 'reporting', cost: '12' },
    { basis: 'effective', currency: 'EUR', cost: '10' },
    { basis: 'effective', currency: 'reporting', cost: '12' },
    { basis: 'list', currency: 'EUR', cost: '10' },
    { basis: 'list', currency: 'reporting', cost: '12' },
  ]);
});
