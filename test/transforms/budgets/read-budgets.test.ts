/**
 * Goal: a budgets file says what it means or is refused with one clear line per defect. Method: small
 * files against a world of two accounts, three teams and a tree of cost centres.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readAllocation } from '../../../transforms/reference/read-allocation.ts';
import { type BudgetWorld, readBudgets } from '../../../transforms/reference/read-budgets.ts';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';

let folder: TemporaryFolder;
let world: BudgetWorld;

beforeEach(async ({ onTestFinished }) => {
  folder = await createFolder();
  onTestFinished(() => folder.remove());
  const allocation = path.join(folder.path, 'allocation.yaml');
  await writeFile(
    allocation,
    `
dimensions: [product]
cost_centres: [{ id: top }, { id: left, parent: top }, { id: right, parent: top }]
teams: [{ id: a, cost_centre: left }, { id: b, cost_centre: left }, { id: c, cost_centre: right }]
rules: [{ id: tag, match: { tag: 'team:*' }, set: { team: '*', product: chat } }]
`,
  );
  world = {
    accounts: new Map([
      ['i3d-main', ['i3d-flexvm', 'i3d-flexmetal']],
      ['vp', ['voltage-park']],
    ]),
    allocation: await readAllocation(allocation),
    channels: ['slack'],
  };
});

async function read(yaml: string) {
  const file = path.join(folder.path, 'budgets.yaml');
  await writeFile(file, `budgets:\n${yaml}`);
  return readBudgets(file, world);
}

/** File, line and column. */
const PLACE = /^\/\S+\.yaml:\d+:\d+: /;

async function defects(yaml: string): Promise<readonly string[]> {
  const error = await read(yaml).then(
    () => null,
    (cause: { defects?: readonly string[] }) => cause,
  );
  const found = error?.defects ?? [];
  for (const defect of found) expect(defect).toMatch(PLACE);
  return found.map((defect) => defect.replace(PLACE, ''));
}

test('defaults: thresholds, all channels, for good', async () => {
  expect(await read('  - { id: all, scope: total, period: month, amount: 1000.5 }')).toEqual([
    {
      budget: 'all',
      scope: {},
      period: 'month',
      amount: '1000.5',
      growth_percent: null,
      actual_thresholds: ['50', '80', '100'],
      forecast_thresholds: ['100'],
      channels: null,
      valid_from: '-infinity',
      valid_to: 'infinity',
      source_file: 'budgets.yaml',
    },
  ]);
});

test('the example has no defect where its scopes exist', async () => {
  const examples = path.resolve(import.meta.dirname, '../../../reference');
  const allocation = await readAllocation(path.join(examples, 'allocation.example.yaml'));
  const budgets = await readBudgets(path.join(examples, 'budgets.example.yaml'), {
    ...world,
    allocation,
  });
  expect(budgets.length).toBeGreaterThan(3);
});

describe('a scope that does not exist is refused', () => {
  test.for([
    ['team: d', 'there is no team "d" in the allocation file'],
    ['cost_centre: none', 'there is no cost centre "none" in the allocation file'],
    ['account: other', 'there is no account "other" in the configuration'],
    ['region: eu', 'no allocation rule sets a dimension "region"'],
    [
      'provider: aws',
      'no account is at a provider "aws": there are i3d-flexvm, i3d-flexmetal, voltage-park',
    ],
    ['account: vp, provider: i3d-flexvm', 'the account "vp" is not at the provider "i3d-flexvm"'],
  ])('%s', async ([scope, message]) => {
    expect(await defects(`  - { id: x, scope: { ${scope} }, period: month, amount: 1 }`)).toEqual([
      `budgets x: ${message}`,
    ]);
  });

  test('teams may be any where none are listed, and costs may have no team', async () => {
    const yaml = (team: string) =>
      `  - { id: x, scope: { team: ${team} }, period: month, amount: 1 }`;
    expect(await defects(yaml('(no team)'))).toEqual([]);
    world = { ...world, allocation: null };
    expect(await defects(yaml('anyone'))).toEqual([]);
  });
});

test('all defects are reported together', async () => {
  expect(
    await defects(`
  - { id: a, scope: total, period: month }
  - { id: b, scope: total, period: month, amount: 1, growth_percent: 10 }
  - { id: c, scope: total, period: quarter, amount: 1, valid_from: 2026-02-01 }
  - { id: d, scope: total, period: year, amount: 1, valid_from: 2027-01-01, valid_to: 2026-01-01 }
  - { id: e, scope: total, period: month, amount: 1, channels: [pager] }
  - { id: f, scope: { team: a }, period: month, amount: 1, valid_to: 2026-03-01 }
  - { id: f, scope: { team: a }, period: month, amount: 2, valid_from: 2026-02-01 }
  - { id: g, scope: {}, period: month, amount: 1, thresholds: { actual: [80, 80.0] } }
`),
  ).toEqual([
    'budgets a: say either amount or growth_percent',
    'budgets b: say either amount or growth_percent',
    'budgets c: valid_from must be the first day of a quarter, not 2026-02-01',
    'budgets d: valid_to must be after valid_from',
    'budgets e: there is no channel "pager" under alerts.channels',
    'budgets g: write "scope: total" for all costs',
    'budgets g: a threshold on actual is given twice',
    'budgets f: two rows hold from 2026-02-01: end the first then',
  ]);
});

test.for([
  ['amount: 0', 'amount must be a plain decimal above 0'],
  ['amount: -5', 'amount must be a plain decimal above 0'],
  ['growth_percent: -100', 'growth_percent must be a percentage above -100'],
  ['amount: 1, colour: red', 'budgets.0.colour: unknown setting'],
])('a shape that is wrong is named: %s', async ([more, message]) => {
  const found = await defects(`  - { id: x, scope: total, period: month, ${more} }`);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});

describe('the tree of cost centres', () => {
  const tree = (top: string, more = '') => `
  - { id: top, scope: { cost_centre: top }, ${top} }
  - { id: left, scope: { cost_centre: left }, period: month, amount: 60 }
  - { id: a, scope: { team: a }, period: month, amount: 30 }
  - { id: b, scope: { team: b }, period: month, amount: 30 }
  - { id: c, scope: { team: c }, period: month, amount: 40${more} }`;
  const exceeded = (id: string, since = '') =>
    `budgets ${id}: the budgets below it allow more than it does${since}: lower them, or say children_may_exceed`;

  test('what is below may use all of it', async () => {
    expect(await defects(tree('period: month, amount: 100'))).toEqual([]);
  });

  test('and not more, whatever the period', async () => {
    expect(await defects(tree('period: month, amount: 99.99'))).toEqual([exceeded('top')]);
    expect(await defects(tree('period: quarter, amount: 300'))).toEqual([]);
    expect(await defects(tree('period: year, amount: 1199'))).toEqual([exceeded('top')]);
  });

  test('from the day on which it does', async () => {
    const later =
      '  - { id: b2, scope: { team: b }, period: month, amount: 31, valid_from: 2026-11-01 }';
    expect(await defects(`${tree('period: month, amount: 100')}\n${later}`)).toEqual([
      exceeded('left', ' from 2026-11-01'),
    ]);
  });

  test('unless the budget says so', async () => {
    const allowing = 'period: month, amount: 50, children_may_exceed: true';
    expect(await defects(tree(allowing))).toEqual([]);
  });
});
