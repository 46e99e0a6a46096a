/**
 * Goal: `budgets` says how each budget stands and ends with 1 when one is broken or cannot be told;
 * `budgets test` says what would have fired when, by what was known then. Method: the real command
 * on planted costs.
 */
import { beforeEach, expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { plant } from '../../support/planted-product.ts';
import { dailyCosts } from '../../transforms/budgets/planted-budgets.ts';
import {
  ENVIRONMENT,
  freshAt,
  LATER,
  NOW,
  type NotifyingWarehouse,
  notifyingWarehouse,
} from './warehouse.ts';

let warehouse: NotifyingWarehouse;

beforeEach(async ({ onTestFinished }) => {
  warehouse = await notifyingWarehouse();
  onTestFinished(() => warehouse.close());
});

const budgets = (argv: readonly string[] = [], now = NOW) =>
  cli(['--config', warehouse.config, '--now', now, 'budgets', ...argv], ENVIRONMENT);

const monthly = (id: string, amount: number, more = {}) => ({
  id,
  scope: 'total',
  period: 'month',
  amount,
  ...more,
});

test('all is well: 0, and a table', async () => {
  await warehouse.writeBudgets([monthly('wide', 1000)]);
  const { exitCode, stdout } = await budgets();
  expect(
    stdout
      .split('\n')
      .slice(0, 3)
      .map((line) => line.trimEnd()),
  ).toEqual([
    'budget  scope      period            state       USD  spent at least  at most  not posted yet  forecast  used  pace  breaks at',
    '------  ---------  ----------------  -----  --------  --------------  -------  --------------  --------  ----  ----  ---------',
    'wide    all costs  month 2026-10-01  ok     1,000.00          100.00   100.00            0.00    310.00   10%  0.31  -',
  ]);
  expect(exitCode).toBe(0);
});

test('a broken budget: 1, and its name', async () => {
  await warehouse.writeBudgets([monthly('wide', 1000), monthly('tight', 99)]);
  const { exitCode, stdout, stderr } = await budgets();
  expect(exitCode).toBe(1);
  expect(stderr).toBe('error: budgets broken: tight\n');
  expect(stdout).toContain('broken');
});

test('stale data: what is spent at least and at most, and why', async () => {
  await warehouse.writeBudgets([monthly('wide', 1000)]);
  const { exitCode, stdout, stderr } = await budgets([], LATER);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/spent at least +at most/);
  expect(stdout).toMatch(/100\.00 +102\.92/);
  expect(stdout).toContain(
    'wide: planted.servers of test-account was last read at 2026-10-11T00:00Z',
  );
});

test('an account that is not collected: 1, and why', async () => {
  await warehouse.pool.query('delete from landing.expectation');
  await warehouse.writeBudgets([monthly('wide', 1000)]);
  const { exitCode, stdout, stderr } = await budgets([], LATER);
  expect(exitCode).toBe(1);
  expect(stderr).toBe('error: budgets cannot be evaluated: wide\n');
  expect(stdout).toContain('wide is unknown: nothing of it is collected');
});

test('none in force: 0, and that is said', async () => {
  await warehouse.writeBudgets([monthly('next', 1, { valid_from: '2026-11-01' })]);
  expect(await budgets()).toMatchObject({ exitCode: 0, stdout: 'no budget is in force\n' });
});

test('nothing transformed yet: 1, for nothing is known', async () => {
  await warehouse.pool.query('delete from mart.transform_state');
  await warehouse.writeBudgets([monthly('wide', 1000)]);
  const { exitCode, stderr } = await budgets();
  expect(exitCode).toBe(1);
  expect(stderr).toContain('cannot evaluate budgets: run collect and transform');
});

test('as one JSON document, with exact amounts', async () => {
  await warehouse.writeBudgets([monthly('wide', 1000)]);
  const argv = ['--config', warehouse.config, '--now', NOW, '--json', 'budgets'];
  const { stdout } = await cli(argv, ENVIRONMENT);
  expect(JSON.parse(stdout)).toMatchObject({
    reporting_currency: 'USD',
    budgets: [
      {
        budget: 'wide',
        state: 'ok',
        spent_cost: '100.000000000',
        known_at: '2026-10-11T00:00:00.000Z',
      },
    ],
  });
});

test('a bad budgets file: 2, and every defect; nothing of it is loaded', async () => {
  await warehouse.writeBudgets([
    monthly('wide', 1000),
    monthly('x', 1, { scope: { account: 'other' } }),
    monthly('y', 1, { scope: { cost_centre: 'none' } }),
  ]);
  const { exitCode, stderr } = await budgets();
  expect(exitCode).toBe(2);
  expect(stderr).toContain('budgets x: there is no account "other" in the configuration\n');
  expect(stderr).toContain('budgets y: there is no cost centre "none" in the allocation file\n');
  const { rows } = await warehouse.pool.query('select * from reference.budget');
  expect(rows).toEqual([]);
});

test('the last days again: what would have fired when, by what was known then', async () => {
  // Until the 12th the tenth was known to cost 10, then 500.
  await plant(warehouse.pool, [
    ...dailyCosts('a', '2026-10-01', 9, '10'),
    ...dailyCosts('a', '2026-10-10', 1, '500'),
  ]);
  await freshAt(warehouse, '2026-10-12T00:00:00Z');
  await warehouse.writeBudgets([
    monthly('late', 200, { thresholds: { actual: [50, 100], forecast: [] } }),
  ]);
  const argv = ['--config', warehouse.config, '--now', '2026-10-12T03:00:00Z', '--json'];
  const { exitCode, stdout } = await cli([...argv, 'budgets', 'test', '--days', '3'], ENVIRONMENT);
  expect(exitCode).toBe(0);
  const { from, to, firings, unknown_judgements: unknown } = JSON.parse(stdout);
  expect([from, to]).toEqual(['2026-10-10T00:00:00Z', '2026-10-12T00:00:00Z']);
  // On the 10th nobody had looked since August.
  expect(unknown).toBe(2);
  expect(
    firings.map((firing: Record<string, string>) => [
      firing.fired_at,
      firing.percent,
      firing.measured_cost,
    ]),
  ).toEqual([
    ['2026-10-11T00:00:00Z', '50', '100.000000000'],
    ['2026-10-12T00:00:00Z', '100', '590.000000000'],
  ]);
  // By day, the tenth cost 500 on the tenth.
  const byDay = await cli([...argv, 'budgets', 'test', '--days', '3', '--by-day'], ENVIRONMENT);
  expect(
    JSON.parse(byDay.stdout).firings.map((firing: Record<string, string>) => [
      firing.fired_at,
      firing.percent,
    ]),
  ).toEqual([
    ['2026-10-11T00:00:00Z', '100'],
    ['2026-10-11T00:00:00Z', '50'],
  ]);
});

test('a forecast that did not come true is called a false alarm', async () => {
  await plant(warehouse.pool, dailyCosts('a', '2026-10-21', 8, '10'));
  await freshAt(warehouse, '2026-10-29T00:00:00Z'); // 80 so far, and 30 to come at 10 a day
  await freshAt(warehouse, '2026-11-01T00:00:00Z'); // nothing came
  await warehouse.writeBudgets([
    monthly('x', 105, { thresholds: { actual: [100] }, valid_to: '2026-11-01' }),
  ]);
  const argv = ['--config', warehouse.config, '--now', '2026-11-01T00:00:00Z', 'budgets', 'test'];
  const { stdout } = await cli([...argv, '--days', '4'], ENVIRONMENT);
  const [fired, ...others] = stdout.split('\n').filter((line) => line.startsWith('2026-'));
  expect(others).toEqual([]);
  expect(fired).toMatch(
    /^2026-10-29T00:00:00Z +x +2026-10-01 +100% forecast .* 110\.00 .*false alarm$/,
  );
});
