/**
 * Goal: every cost has the owner that the dated rules say, shared costs are split without losing a
 * unit, and a change of the rules never touches a closed month. Method: planted charges and
 * resources; expected amounts are worked out by hand.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { Knowledge } from '../../app/knowledge.ts';
import { monthRange } from '../../foundation/months.ts';
import { allocationDifference } from '../../transforms/allocation/allocation-difference.ts';
import { readAllocation } from '../../transforms/reference/read-allocation.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import {
  allocateBy,
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  transformAt,
} from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';

let pool: pg.Pool;
let folder: TemporaryFolder;

beforeEach(async ({ onTestFinished }) => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  folder = await createFolder();
  onTestFinished(() => folder.remove());
});

const cost = (resource: string, amount: string, more: Partial<PlantedCharge> = {}) =>
  ({
    key: `planted/${resource}/${more.start ?? ''}/${more.meter ?? ''}`,
    resource,
    start: '2026-10-05T00:00:00Z',
    end: '2026-10-05T12:00:00Z',
    quantity: '1',
    price: amount,
    ...more,
  }) satisfies PlantedCharge;

/** Puts rules in force from the next transform on. */
async function rules(yaml: string): Promise<void> {
  const file = path.join(folder.path, 'allocation.yaml');
  await writeFile(file, yaml);
  allocateBy(await readAllocation(file));
}

/** `team: amount` lines of everything that is charged, by team. */
async function teams(): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select team || ': ' || trim_scale(sum(billed_cost)) as line
     from mart.rpt_cost_owned_daily group by team order by team`,
  );
  return rows.map((row) => row.line);
}

describe('rules', () => {
  test('without a file, tags name the owner', async () => {
    await plantResource(pool, 'a', { tags: ['team:nlp', 'env:prod'] });
    await plantResource(pool, 'b', { tags: [] });
    await plant(pool, [cost('a', '5'), cost('b', '7')]);
    await transformAt(pool, '2026-10-06T00:00:00Z');
    expect(await teams()).toEqual(['(no team): 7', 'nlp: 5']);
  });

  test('the first match wins, dimension by dimension, and * carries over', async () => {
    await rules(`
dimensions: [product]
cost_centres: [{ id: '10' }]
teams: [{ id: nlp, cost_centre: '10' }, { id: web }]
rules:
  - { id: by-name, match: { name: 'crawl-*' }, set: { team: web, product: 'crawl-*' } }
  - { id: by-tag, match: { tag: 'team:*' }, set: { team: '*', environment: prod } }
`);
    await plantResource(pool, 'a', { name: 'crawl-7', tags: ['team:nlp'] });
    await plantResource(pool, 'b', { name: 'train', tags: ['team:nlp'] });
    await plant(pool, [cost('a', '5'), cost('b', '7')]);
    await transformAt(pool, '2026-10-06T00:00:00Z');
    const { rows } = await pool.query(
      `select resource_id, team, environment, cost_centre, dimensions, allocation_rule
       from mart.rpt_cost_owned_daily order by resource_id`,
    );
    expect(rows).toEqual([
      {
        resource_id: 'a',
        team: 'web',
        environment: 'prod',
        cost_centre: null,
        dimensions: { product: 'crawl-7' },
        allocation_rule: 'by-name',
      },
      {
        resource_id: 'b',
        team: 'nlp',
        environment: 'prod',
        cost_centre: '10',
        dimensions: {},
        allocation_rule: 'by-tag',
      },
    ]);
  });

  test('hold from day to day, and tags as they were at the time', async () => {
    await rules(`
rules:
  - { id: old, valid_to: 2026-10-03, match: { tag: 'team:*' }, set: { team: 'old-*' } }
  - { id: new, valid_from: 2026-10-03, match: { tag: 'team:*' }, set: { team: '*' } }
`);
    await plantResource(pool, 'a', { from: '2026-10-01', to: '2026-10-05', tags: ['team:red'] });
    await plantResource(pool, 'a', { from: '2026-10-05', tags: ['team:blue'] });
    const day = (date: string) =>
      cost('a', '1', { start: `${date}T00:00:00Z`, end: `${date}T01:00:00Z` });
    await plant(pool, ['2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05'].map(day));
    await transformAt(pool, '2026-10-06T00:00:00Z');
    expect(await teams()).toEqual(['blue: 1', 'old-red: 1', 'red: 2']);
  });
});

describe('shared costs', () => {
  const SHARED = (split: string): string => `
teams: [{ id: a }, { id: b }, { id: c }]
rules: [{ id: tag, match: { tag: 'team:*' }, set: { team: '*' } }]
shared: [{ id: storage, match: { name: 'storage' }, split: ${split} }]
`;

  beforeEach(async () => {
    for (const team of ['a', 'b', 'c']) await plantResource(pool, team, { tags: [`team:${team}`] });
    await plantResource(pool, 's', { name: 'storage', tags: ['team:a'] });
    await plant(pool, [cost('a', '10'), cost('b', '20'), cost('c', '30'), cost('s', '10')]);
  });

  test.for([
    ['{ by: evenly }', ['a: 13.333333333', 'b: 23.333333334', 'c: 33.333333333']],
    ['{ by: evenly, among: [a, c] }', ['a: 15', 'b: 20', 'c: 35']],
    ['{ by: fixed, shares: { a: 0.125, c: "0.875" } }', ['a: 11.25', 'b: 20', 'c: 38.75']],
    ['{ by: spend }', ['a: 11.666666667', 'b: 23.333333333', 'c: 35']],
    ['{ by: spend, among: [b, c] }', ['a: 10', 'b: 24', 'c: 36']],
  ] as const)('are split %s, to the last unit', async ([split, expected]) => {
    await rules(SHARED(split));
    await transformAt(pool, '2026-10-06T00:00:00Z');
    expect(await teams()).toEqual(expected);
    const { rows } = await pool.query(
      `select sum(billed_cost) = 70 as is_whole, count(*) filter (where is_share) > 1 as is_shared,
         count(distinct allocation_rule) filter (where is_share) as rules
       from mart.rpt_cost_owned_daily`,
    );
    expect(rows).toEqual([{ is_whole: true, is_shared: true, rules: 1 }]);
  });

  test('by a measure that nobody has stay whole', async () => {
    await rules(SHARED('{ by: gpu_hours }'));
    await transformAt(pool, '2026-10-06T00:00:00Z');
    expect(await teams()).toEqual(['a: 20', 'b: 20', 'c: 30']);
  });

  test('follow the measure when it changes later in the month', async () => {
    await rules(SHARED('{ by: spend }'));
    await transformAt(pool, '2026-10-06T00:00:00Z');
    await plant(pool, [cost('a', '30'), cost('b', '30'), cost('c', '30'), cost('s', '9')]);
    await transformAt(pool, '2026-10-07T00:00:00Z');
    expect(await teams()).toEqual(['a: 33', 'b: 33', 'c: 33']);
  });
});

test('idle commitment, unallocated costs and money back each have a rule of their own', async () => {
  await rules(`
teams: [{ id: a }, { id: b }, { id: desk }]
rules: [{ id: tag, match: { tag: 'team:*' }, set: { team: '*' } }]
idle_commitment: [{ team: desk }]
unallocated: [{ split: { by: fixed, shares: { a: 0.5, b: 0.5 } } }]
negative_adjustments: [{ split: { by: spend } }]
`);
  await plantResource(pool, 'a', { tags: ['team:a'] });
  await plantResource(pool, 'b', { tags: ['team:b'] });
  await plantResource(pool, 'pool', {});
  await plantResource(pool, 'nobody', {});
  await plantResource(pool, 'credit', {});
  await plant(pool, [
    cost('a', '10'),
    cost('b', '30'),
    cost('pool', '7', { meter: 'unused-commitment-hours' }),
    cost('nobody', '2'),
    cost('credit', '-4', { meter: 'adjustment' }),
  ]);
  await transformAt(pool, '2026-10-06T00:00:00Z');
  expect(await teams()).toEqual(['a: 10', 'b: 28', 'desk: 7']);
});

test('a change of the rules moves open months only, and reports as of then keep theirs', async () => {
  const to = (team: string): string => `rules: [{ id: all, set: { team: ${team} } }]`;
  await rules(to('red'));
  await plantResource(pool, 'a', {});
  const september = { start: '2026-09-30T00:00:00Z', end: '2026-09-30T01:00:00Z' };
  await plant(pool, [cost('a', '1', september), cost('a', '2')]);
  await transformAt(pool, '2026-10-06T00:00:00Z');
  await closeAt(pool, '2026-10-06T00:00:00Z', monthRange('2026-09'));
  await rules(to('blue'));
  await transformAt(pool, '2026-10-07T00:00:00Z');
  expect(await teams()).toEqual(['blue: 2', 'red: 1']);
  const then = await Knowledge.of(Date.parse('2026-10-06T12:00:00Z'), {
    from: '2026-09-01',
    to: '2026-11-01',
  });
  expect(
    await then.query(
      pool,
      'select team, trim_scale(sum(billed_cost)) as cost from known_owned_cost as c group by team',
    ),
  ).toEqual([{ team: 'red', cost: '3' }]);
});

test('a difference shows what other rules would move, and changes nothing', async () => {
  await rules('rules: [{ id: all, set: { team: red } }]');
  await plantResource(pool, 'a', {});
  await plantResource(pool, 'b', { name: 'web-1' });
  await plant(pool, [cost('a', '1'), cost('b', '2')]);
  await transformAt(pool, '2026-10-06T00:00:00Z');
  const file = path.join(folder.path, 'other.yaml');
  await writeFile(
    file,
    `cost_centres: [{ id: '10' }]
teams: [{ id: red }, { id: web, cost_centre: '10' }]
rules: [{ id: w, match: { name: 'web-*' }, set: { team: web } }, { id: all, set: { team: red } }]`,
  );
  const other = await readAllocation(file);
  expect(await allocationDifference(pool, other, Date.parse('2026-10-07T00:00:00Z'))).toEqual([
    {
      month: '2026-10',
      team: 'red',
      cost_centre: null,
      cost_now: '3',
      cost_then: '1',
      moved: '-2',
    },
    { month: '2026-10', team: 'web', cost_centre: '10', cost_now: '0', cost_then: '2', moved: '2' },
  ]);
  expect(await teams()).toEqual(['red: 3']);
});
