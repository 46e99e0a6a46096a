/**
 * Goal: a budget whose figures cannot be computed stops no other budget, no report and no message. Method:
 * a budget that may grow by 9,999% from a month that cost 2,000,000,000: its amount passes what an amount
 * can hold.
 */
import { beforeEach, expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { plant } from '../../support/planted-product.ts';
import { dailyCosts } from '../../transforms/budgets/planted-budgets.ts';
import {
  ENVIRONMENT,
  freshAt,
  NOW,
  type NotifyingWarehouse,
  notifyingWarehouse,
} from './warehouse.ts';

const LATER = '2026-10-11T01:00:00Z';
const REASON = 'numeric field overflow';
const REACHED = {
  id: 'reached',
  scope: 'total',
  period: 'month',
  amount: 200,
  thresholds: { actual: [50], forecast: [] },
};
const GROWING = {
  id: 'growing',
  scope: 'total',
  period: 'month',
  thresholds: { actual: [50], forecast: [] },
};

let warehouse: NotifyingWarehouse;

beforeEach(async ({ onTestFinished }) => {
  warehouse = await notifyingWarehouse();
  onTestFinished(() => warehouse.close());
  await plant(warehouse.pool, [
    ...dailyCosts('a', '2026-09-01', 1, '2000000000'),
    ...dailyCosts('a', '2026-10-01', 10, '10'),
  ]);
  await freshAt(warehouse, NOW);
});

const withGrowth = (percent: number) =>
  warehouse.writeBudgets([REACHED, { ...GROWING, growth_percent: percent }]);

async function run(now: string, ...argv: string[]) {
  const global = ['--config', warehouse.config, '--now', now];
  return cli([...global, ...argv], ENVIRONMENT);
}

async function states() {
  const { rows } = await warehouse.pool.query(
    `select budget, state, doubt from mart.budget_state where not is_over order by budget`,
  );
  return rows;
}

async function setAside() {
  const { rows } = await warehouse.pool.query(
    `select product, subject, reason, attempts from mart.rpt_set_aside`,
  );
  return rows;
}

test('the other budget is judged, and its message is delivered', async () => {
  await withGrowth(9_999);
  const { exitCode, stderr } = await run(NOW, 'budgets', 'notify');
  expect(exitCode).toBe(1);
  expect(stderr).toBe('error: budgets cannot be computed: growing\n');
  expect(await states()).toEqual([{ budget: 'reached', state: 'warning', doubt: null }]);
  expect(warehouse.receiver.requests.map(({ body }) => JSON.parse(body))).toMatchObject([
    { budget: 'reached', change: 'reached', percent: '50' },
  ]);
});

test('it is on record with its reason, in budgets, status, check and an alert', async () => {
  await withGrowth(9_999);
  await run(NOW, 'budgets', 'notify');
  await run(LATER, 'budgets', 'notify');
  const record = { product: 'budgets', subject: 'budget growing', reason: REASON };
  expect(await setAside()).toEqual([{ ...record, attempts: 2 }]);
  const budgets = await run(LATER, 'budgets');
  expect(budgets.exitCode).toBe(1);
  expect(budgets.stderr).toBe('error: budgets cannot be computed: growing\n');
  expect(budgets.stdout).toMatch(/^reached .* warning /m);
  expect(budgets.stdout).toContain(`\ngrowing cannot be computed: ${REASON}\n`);
  expect((await run(LATER, 'status')).stdout).toContain(
    '1 result(s) are set aside (budgets) and stay as they were: `meterhouse check` lists them',
  );
  const check = await run(LATER, 'check');
  expect(check.stderr).toContain('nothing_is_set_aside');
  expect(check.stdout).toContain('"subject":"budget growing"');
  await freshAt(warehouse, '2026-10-11T02:00:00Z');
  const { rows } = await warehouse.pool.query('select * from mart.alert_set_aside');
  expect(rows).toEqual([{ account_id: 'all accounts', product: 'budgets', value: '2.00' }]);
});

test('one that was judged before keeps its figures as unknown, and heals with its cause', async () => {
  await withGrowth(10);
  await run(NOW, 'budgets', 'notify');
  const ok = { budget: 'growing', state: 'ok', doubt: null };
  const reached = { budget: 'reached', state: 'warning', doubt: null };
  expect(await states()).toEqual([ok, reached]);
  await withGrowth(9_999);
  await run(LATER, 'budgets', 'notify');
  const doubt = `cannot be computed: ${REASON}`;
  expect(await states()).toEqual([{ ...ok, state: 'unknown', doubt }, reached]);
  await withGrowth(20);
  expect((await run(LATER, 'budgets', 'notify')).exitCode).toBe(0);
  expect(await states()).toEqual([ok, reached]);
  expect(await setAside()).toEqual([]);
  expect(warehouse.receiver.requests).toHaveLength(1);
});

test('a period before that cost next to nothing gives no amount, and breaks nothing', async () => {
  await plant(warehouse.pool, [
    ...dailyCosts('a', '2026-09-01', 1, '0.004'),
    ...dailyCosts('a', '2026-10-01', 10, '10'),
  ]);
  await freshAt(warehouse, LATER);
  await withGrowth(10);
  expect((await run(LATER, 'budgets', 'notify')).exitCode).toBe(0);
  expect(await states()).toMatchObject([
    { budget: 'growing', state: 'unknown', doubt: 'the period before has no cost to grow from' },
    { budget: 'reached', state: 'warning' },
  ]);
});
