/**
 * Goal: each change of a budget's threshold is told once, never on stale data, and gets through when
 * the receiver or this process fails meanwhile. Method: the real command against a real HTTP
 * receiver; one process is killed between sending and recording.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../../../app/cli.ts';
import { cli } from '../../support/cli.ts';
import { plant, transformAt } from '../../support/planted-product.ts';
import { dailyCosts, lookAt } from '../../transforms/budgets/planted-budgets.ts';
import {
  ENVIRONMENT,
  freshAt,
  LATER,
  NOW,
  type NotifyingWarehouse,
  notifyingWarehouse,
  SECRET,
} from './warehouse.ts';

const MAIN = path.resolve(import.meta.dirname, '../../../app/main.ts');
/** One threshold that is reached at NOW. */
const REACHED = {
  id: 'all',
  scope: 'total',
  period: 'month',
  amount: 200,
  thresholds: { actual: [50, 80], forecast: [] },
};
const REACHED_KEY = 'budget/all/2026-10-01/actual-50/1';

let warehouse: NotifyingWarehouse;

beforeEach(async ({ onTestFinished }) => {
  warehouse = await notifyingWarehouse();
  onTestFinished(() => warehouse.close());
  await warehouse.writeBudgets([REACHED]);
});

async function notify(now = NOW) {
  const argv = ['--config', warehouse.config, '--now', now, '--json', 'budgets', 'notify'];
  const { exitCode, stdout, stderr } = await cli(argv, ENVIRONMENT);
  return { exitCode, stderr, result: stdout === '' ? null : JSON.parse(stdout) };
}

/** The same as a process of its own. */
function notifyingProcess(): { child: ChildProcess; isGone: Promise<number | null> } {
  const argv = [MAIN, '--config', warehouse.config, '--now', NOW, '--force', 'budgets', 'notify'];
  const child = spawn(process.execPath, argv, { env: ENVIRONMENT, stdio: 'ignore' });
  const isGone = new Promise<number | null>((resolve) => {
    child.on('exit', resolve);
  });
  return { child, isGone };
}

const keys = (): unknown[] =>
  warehouse.receiver.requests.map(({ headers }) => headers['idempotency-key']);

async function outbox() {
  const { rows } = await warehouse.pool.query(
    `select idempotency_key, attempts, last_error, delivered_at is not null as is_delivered,
       given_up_at is not null as is_given_up
     from notify.outbox order by notification_id`,
  );
  return rows;
}

describe('each change is told once', () => {
  test('and not again while nothing changes', async () => {
    expect((await notify()).result).toMatchObject({ delivered: 1, failed: 0, given_up: 0 });
    expect((await notify()).result).toMatchObject({ changes: [], delivered: 0 });
    expect(keys()).toEqual([REACHED_KEY]);
    expect(JSON.parse(warehouse.receiver.requests[0]?.body ?? '')).toEqual({
      idempotency_key: REACHED_KEY,
      event: 'budget.threshold',
      change: 'reached',
      budget: 'all',
      scope: {},
      period: 'month',
      period_start: '2026-10-01',
      period_end: '2026-11-01',
      kind: 'actual',
      percent: '50',
      amount: '200',
      spent_cost: '100',
      most_cost: '100',
      forecast_cost: '310',
      currency: 'USD',
      breaks_at: '2026-10-21T00:00:00Z',
      known_at: NOW,
    });
  });

  test('by one of two processes that begin at once', async () => {
    await warehouse.writeBudgets([REACHED, { ...REACHED, id: 'second' }]);
    warehouse.receiver.route('/hook', () => ({ status: 204, body: '', delayMs: 50 }));
    const both = [notifyingProcess(), notifyingProcess()];
    expect(await Promise.all(both.map(({ isGone }) => isGone))).toEqual([0, 0]);
    expect(keys().toSorted()).toEqual([REACHED_KEY, 'budget/second/2026-10-01/actual-50/1']);
  });

  test('also that it is left again, beyond a twentieth below, and reached once more', async () => {
    await notify();
    const costs = async (amount: string, at: string): Promise<void> => {
      await plant(warehouse.pool, dailyCosts('a', '2026-10-01', 10, amount));
      await freshAt(warehouse, at);
      expect((await notify(at)).exitCode).toBe(0);
    };
    await costs('9.6', '2026-10-11T00:10:00Z');
    expect(keys()).toHaveLength(1);
    await costs('9.4', '2026-10-11T00:20:00Z');
    await costs('10', '2026-10-11T00:30:00Z');
    expect(keys()).toEqual([1, 2, 3].map((change) => `budget/all/2026-10-01/actual-50/${change}`));
    expect(warehouse.receiver.requests.map(({ body }) => JSON.parse(body).change)).toEqual([
      'reached',
      'left',
      'reached',
    ]);
  });

  test('to the channels that the budget names', async () => {
    await warehouse.writeBudgets([{ ...REACHED, channels: [] }]);
    expect((await notify()).result).toMatchObject({ delivered: 0 });
    expect(keys()).toEqual([]);
  });

  test('and a period that was over when the budget came is no news', async () => {
    await plant(warehouse.pool, dailyCosts('a', '2026-09-01', 30, '10'));
    await freshAt(warehouse, '2026-10-11T00:10:00Z');
    await notify('2026-10-11T00:10:00Z');
    expect(keys()).toEqual([]);
  });
});

describe('stale data', () => {
  test('reaches a threshold by what is spent at least', async () => {
    expect((await notify(LATER)).result).toMatchObject({ delivered: 1, held_back: [] });
    expect(keys()).toEqual([REACHED_KEY]);
  });

  test('leaves none that it may still reach: that is held back, and sent when the data is fresh', async () => {
    await notify();
    await plant(warehouse.pool, dailyCosts('a', '2026-10-01', 10, '9.3'));
    await transformAt(warehouse.pool, LATER);
    const held = await notify(LATER);
    expect(held.exitCode).toBe(0);
    expect(held.result).toMatchObject({
      changes: [],
      held_back: [{ budget: 'all', kind: 'actual', percent: '50' }],
    });
    expect((await notify(LATER)).result.held_back).toEqual([]);
    expect(keys()).toEqual([REACHED_KEY]);
    expect(await heldBack()).toEqual([
      {
        percent: '50',
        reason: 'planted.servers of test-account was last read at 2026-10-11T00:00Z',
        is_released: false,
      },
    ]);
    await freshAt(warehouse, LATER);
    expect((await notify(LATER)).result).toMatchObject({ delivered: 1 });
    expect(await heldBack()).toMatchObject([{ is_released: true }]);
  });

  test('nor does a threshold count as left because costs are missing', async () => {
    await notify();
    await plant(warehouse.pool, []);
    await transformAt(warehouse.pool, LATER);
    expect((await notify(LATER)).result.changes).toEqual([]);
    await lookAt(warehouse.pool, LATER);
    expect((await notify(LATER)).result.changes).toHaveLength(1);
  });

  async function heldBack() {
    const { rows } = await warehouse.pool.query(
      `select percent, reason, released_at is not null as is_released from notify.hold_back`,
    );
    return rows;
  }
});

describe('a receiver that fails', () => {
  test('is asked again at once, with the same key', async () => {
    warehouse.receiver.script('/hook', [{ status: 500 }, { status: 204, body: '' }]);
    expect((await notify()).result).toMatchObject({ delivered: 1, failed: 0 });
    expect(keys()).toEqual([REACHED_KEY, REACHED_KEY]);
    expect(await outbox()).toMatchObject([{ attempts: 2, is_delivered: true, last_error: null }]);
  });

  test('and refuses is asked again after a while', async () => {
    warehouse.receiver.script('/hook', [{ status: 403 }, { status: 204, body: '' }]);
    const refused = await notify();
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('1 message(s) were not delivered');
    expect(await outbox()).toMatchObject([{ attempts: 1, last_error: 'HTTP 403' }]);
    expect((await notify()).result).toMatchObject({ delivered: 0 });
    expect((await notify('2026-10-11T00:05:00Z')).result).toMatchObject({ delivered: 1 });
    expect(keys()).toEqual([REACHED_KEY, REACHED_KEY]);
  });

  test('for half a day is given up, and that is said', async () => {
    warehouse.receiver.route('/hook', () => ({ status: 403 }));
    await notify();
    await warehouse.pool.query('update notify.outbox set attempts = 59');
    const last = await notify('2026-10-11T00:05:00Z');
    expect(last.exitCode).toBe(3);
    expect(await outbox()).toMatchObject([{ attempts: 60, is_given_up: true }]);
  });

  test('leaves no secret behind', async () => {
    warehouse.receiver.route('/hook', ({ headers }) => ({ status: 500, body: headers }));
    const { stderr, result } = await notify();
    const stored = await warehouse.pool.query('select * from notify.outbox');
    const signature = warehouse.receiver.requests[0]?.headers['meterhouse-signature'];
    expect(signature).toMatch(/^v1=[0-9a-f]{64}$/);
    const told = JSON.stringify([stderr, result, stored.rows]);
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain(String(signature).slice('v1='.length));
    expect(told).not.toContain(warehouse.receiver.baseUrl);
  });
});

test('a process killed between sending and recording leaves the message to the next', async () => {
  const isReceived = new Promise<void>((resolve) => {
    warehouse.receiver.route('/hook', () => {
      resolve();
      return { status: 204, body: '', delayMs: 5_000 };
    });
  });
  const { child, isGone } = notifyingProcess();
  await isReceived;
  child.kill('SIGKILL');
  await isGone;
  warehouse.receiver.route('/hook', () => ({ status: 204, body: '' }));
  // Its attempt may still be under way for 50 seconds.
  expect((await notify('2026-10-11T00:00:49Z')).result.delivered).toBe(0);
  expect((await notify('2026-10-11T00:00:50Z')).result.delivered).toBe(1);
  expect(keys()).toEqual([REACHED_KEY, REACHED_KEY]);
  expect(await outbox()).toMatchObject([{ attempts: 2, is_delivered: true }]);
});

test('the daemon tells it after its transform', async () => {
  const stop = new AbortController();
  const running = runCli(
    ['--log-level', 'silent', '--config', warehouse.config, '--now', NOW, 'up'],
    {
      environment: ENVIRONMENT,
      output: { write: () => undefined, isTerminal: false },
      writeError: () => undefined,
      signal: stop.signal,
      isSimulated: true,
    },
  );
  const received = () => keys().filter((key) => key !== undefined);
  await expect.poll(received, { timeout: 20_000 }).toEqual([REACHED_KEY]);
  stop.abort();
  expect(await running).toBe(0);
});
