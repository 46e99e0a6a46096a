/**
 * Goal: what corrects a closed month's cost is charged to whom the closed statement charged that cost,
 * whatever the rules, shares and tags say today. Method: planted charges that are closed, moved by
 * new rules and then withdrawn or restated; expected amounts are worked out by hand.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { Knowledge } from '../../app/knowledge.ts';
import { monthRange } from '../../foundation/months.ts';
import { readChecks, runCheck } from '../../transforms/checks/run-checks.ts';
import { readAllocation } from '../../transforms/reference/read-allocation.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
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

const SEPTEMBER = monthRange('2026-09');
const OCTOBER = monthRange('2026-10');

let pool: pg.Pool;
let folder: TemporaryFolder;

beforeEach(async ({ onTestFinished }) => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  folder = await createFolder();
  onTestFinished(() => folder.remove());
  for (const team of ['a', 'b', 'c']) await plantResource(pool, team, { tags: [`team:${team}`] });
  await plantResource(pool, 's', { name: 'storage' });
});

const cost = (resource: string, amount: string, more: Partial<PlantedCharge> = {}) =>
  ({
    key: `planted/${resource}/${more.start ?? ''}/${more.meter ?? ''}`,
    resource,
    start: '2026-09-05T00:00:00Z',
    end: '2026-09-05T12:00:00Z',
    quantity: '1',
    price: amount,
    ...more,
  }) satisfies PlantedCharge;

async function rules(yaml: string): Promise<void> {
  const file = path.join(folder.path, 'allocation.yaml');
  await writeFile(
    file,
    `teams: [{ id: a }, { id: b }, { id: c }]
rules: [{ id: tag, match: { tag: 'team:*' }, set: { team: '*' } }]
${yaml}`,
  );
  allocateBy(await readAllocation(file));
}

const TEAM_LINES = `
  select to_char(statement_month, 'YYYY-MM') || ' ' || team || ': ' || trim_scale(sum(billed_cost))
    || case when bool_or(is_share) then ' shared' else '' end as line`;
const BY_TEAM = `
  group by statement_month, team
  having sum(billed_cost) <> 0
  order by statement_month, team collate "C"`;

/** `statement team: amount` lines of all statements, which the roll-up must say too. */
async function teams(): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `${TEAM_LINES} from mart.rpt_cost_owned_daily ${BY_TEAM}`,
  );
  const { rows: rolledUp } = await pool.query<{ line: string }>(
    `${TEAM_LINES} from mart.cost_part_daily ${BY_TEAM}`,
  );
  expect(rolledUp).toEqual(rows);
  const known = await Knowledge.of(Date.parse('2027-01-01T00:00:00Z'), {
    from: '2026-09-01',
    to: '2027-01-01',
  });
  expect(await known.query(pool, `${TEAM_LINES} from known_owned_cost as cost ${BY_TEAM}`)).toEqual(
    rows,
  );
  await expectChecksHold();
  return rows.map((row) => row.line);
}

async function expectChecksHold(): Promise<void> {
  const names = ['cost_dimensions_equal_facts', 'closed_statements_stand', 'facts_equal_ledger'];
  const checks = (await readChecks()).filter((check) => names.includes(check.name));
  expect(checks.length).toBe(names.length);
  const connection = await pool.connect();
  try {
    for (const check of checks) expect((await runCheck(connection, check)).examples).toEqual([]);
  } finally {
    connection.release();
  }
}

async function closeSeptember(charges: readonly PlantedCharge[]): Promise<void> {
  await plant(pool, charges);
  await transformAt(pool, '2026-10-01T00:00:00Z');
  await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
}

async function learn(charges: readonly PlantedCharge[], at: string): Promise<void> {
  await plant(pool, charges);
  await transformAt(pool, at);
}

test('a withdrawn fee of one team is credited to that team, not to those who share money back', async () => {
  await rules('negative_adjustments: [{ split: { by: evenly, among: [b, c] } }]');
  const fee = cost('a', '5', { meter: 'adjustment' });
  await closeSeptember([fee, cost('a', '1'), cost('b', '1')]);
  await learn([cost('a', '1'), cost('b', '1')], '2026-10-03T00:00:00Z');
  expect(await teams()).toEqual(['2026-09 a: 6', '2026-09 b: 1', '2026-10 a: -5']);
});

test('a withdrawn credit is taken back from the teams that it was shared by', async () => {
  await rules('negative_adjustments: [{ split: { by: evenly, among: [b, c] } }]');
  await closeSeptember([cost('a', '-5', { meter: 'adjustment' }), cost('a', '1')]);
  await learn([cost('a', '1')], '2026-10-03T00:00:00Z');
  expect(await teams()).toEqual([
    '2026-09 a: 1',
    '2026-09 b: -2.5 shared',
    '2026-09 c: -2.5 shared',
    '2026-10 b: 2.5 shared',
    '2026-10 c: 2.5 shared',
  ]);
});

test('a shared cost that turns out lower is credited by the shares of its statement, not by moved ones', async () => {
  const shares = (a: string, b: string): string =>
    `shared: [{ id: storage, match: { name: storage }, split: { by: fixed, shares: { a: ${a}, b: ${b} } } }]`;
  await rules(shares('0.9', '0.1'));
  await closeSeptember([cost('s', '10')]);
  await rules(shares('0.1', '0.9'));
  await learn([cost('s', '8')], '2026-10-03T00:00:00Z');
  const stated = ['2026-09 a: 9 shared', '2026-09 b: 1 shared'];
  const corrected = [...stated, '2026-10 a: -1.8 shared', '2026-10 b: -0.2 shared'];
  expect(await teams()).toEqual(corrected);
  await rebuildAll(pool, false);
  expect(await teams()).toEqual(corrected);
  // A cost that the statement never had follows the rules of today; the corrections stay as they are.
  const late = cost('s', '10', { start: '2026-09-06T00:00:00Z', end: '2026-09-06T12:00:00Z' });
  await learn([cost('s', '8'), late], '2026-10-04T00:00:00Z');
  const withLate = [...stated, '2026-10 a: -0.8 shared', '2026-10 b: 8.8 shared'];
  expect(await teams()).toEqual(withLate);
  await rules(shares('0.5', '0.5'));
  await transformAt(pool, '2026-10-05T00:00:00Z');
  expect(await teams()).toEqual([...stated, '2026-10 a: 3.2 shared', '2026-10 b: 4.8 shared']);
});

test('restated and then withdrawn over three statements, every team ends at 0 to the last unit', async () => {
  await rules('shared: [{ id: storage, match: { name: storage }, split: { by: evenly } }]');
  const others = [cost('a', '1'), cost('b', '1'), cost('c', '1')];
  await closeSeptember([cost('s', '10'), ...others]);
  await learn([cost('s', '11'), ...others], '2026-10-03T00:00:00Z');
  await closeAt(pool, '2026-11-01T00:00:00Z', OCTOBER);
  await rules('');
  await learn(others, '2026-11-02T00:00:00Z');
  expect(await teams()).toEqual([
    '2026-09 a: 4.333333333 shared',
    '2026-09 b: 4.333333334 shared',
    '2026-09 c: 4.333333333 shared',
    '2026-10 a: 0.333333333 shared',
    '2026-10 b: 0.333333334 shared',
    '2026-10 c: 0.333333333 shared',
    '2026-11 a: -3.666666666 shared',
    '2026-11 b: -3.666666668 shared',
    '2026-11 c: -3.666666666 shared',
  ]);
  const { rows } = await pool.query(
    `select team, trim_scale(sum(billed_cost)) as cost, trim_scale(sum(quantity)) as quantity
     from mart.rpt_cost_owned_daily where resource_id = 's' group by team order by team collate "C"`,
  );
  expect(rows).toEqual(['a', 'b', 'c'].map((team) => ({ team, cost: '0', quantity: '0' })));
  // Withdrawn and entered again: as it was first.
  await closeAt(pool, '2026-12-01T00:00:00Z', monthRange('2026-11'));
  await learn([cost('s', '10'), ...others], '2026-12-02T00:00:00Z');
  expect((await teams()).slice(9)).toEqual([
    '2026-12 a: 3.333333333 shared',
    '2026-12 b: 3.333333334 shared',
    '2026-12 c: 3.333333333 shared',
  ]);
});

test('usage that was closed without a price is charged, once priced, to whom its hours were', async () => {
  await rules('');
  const unpriced = cost('a', '0', { priceSource: 'missing' });
  await plant(pool, [unpriced]);
  await transformAt(pool, '2026-10-01T00:00:00Z');
  await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER, true);
  await pool.query(`update public.planted_state set tags = '{team:c}' where resource_id = 'a'`);
  await learn([cost('a', '7')], '2026-10-03T00:00:00Z');
  expect(await teams()).toEqual(['2026-10 a: 7']);
});
