/**
 * Goal: a receiver that is silent delays nobody else, keeps the order of a threshold's messages, and
 * has them all in the end. Method: real receivers, messages planted in the outbox.
 */
import { beforeEach, expect, test } from 'vitest';
import { SteppedClock } from '../../../app/clock.ts';
import { silentLogger } from '../../../app/log.ts';
import type { Channel } from '../../../app/notify/channels.ts';
import { deliverChannel, deliverDue } from '../../../app/notify/deliver.ts';
import { FakeApi } from '../../support/fake-api.ts';
import { type TestDatabase, testDatabase } from '../../support/postgres.ts';

const START_MS = Date.UTC(2026, 9, 1);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let database: TestDatabase;
let receiver: FakeApi;
let channels: Channel[];
let clock: SteppedClock;

beforeEach(async () => {
  database = await testDatabase();
  receiver = await FakeApi.start();
  clock = new SteppedClock(START_MS);
  channels = ['good', 'bad'].map((id) => ({
    id,
    kind: 'webhook',
    url: `${receiver.baseUrl}/${id}`,
    secret: 'webhook-secret-of-the-test',
  }));
  for (const id of ['good', 'bad']) receiver.route(`/${id}`, () => ({ status: 204, body: '' }));
  return () => receiver.close();
});

async function queue(channel: string, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await database.pool.query(
      `insert into notify.outbox (idempotency_key, channel, payload, created_at, next_attempt_at)
       values ($1, $2, '{}', $3, $3)`,
      [key, channel, new Date(clock.nowMs())],
    );
  }
}

function options() {
  return { channels, clock, log: silentLogger, signal: new AbortController().signal };
}

function received(channel: string): (string | undefined)[] {
  return receiver.requests
    .filter(({ path }) => path === `/${channel}`)
    .map(({ headers }) => headers['idempotency-key'] as string | undefined);
}

test('a channel is served while another one is silent', async () => {
  let answer: () => void = () => undefined;
  receiver.route('/bad', async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { status: 204, body: '' };
  });
  await queue('bad', 'budget/x/2026-10-01/actual-50/1');
  await queue('good', 'budget/x/2026-10-01/actual-50/1', 'budget/y/2026-10-01/actual-50/1');
  const running = deliverDue(database.pool, options());
  await expect.poll(() => received('good').length, { timeout: 20_000 }).toBe(2);
  await expect.poll(() => received('bad').length, { timeout: 20_000 }).toBe(1);
  answer();
  expect(await running).toEqual({ delivered: 3, failed: 0, givenUp: 0 });
});

test('a message waits for the earlier one of its threshold, and for no other', async () => {
  receiver.script('/bad', [{ status: 403 }, { status: 204, body: '' }]);
  const [first, second] = ['budget/x/2026-10-01/actual-50/1', 'budget/x/2026-10-01/actual-50/2'];
  const other = 'budget/y/2026-10-01/actual-50/1';
  await queue('bad', first, second, other);
  expect(await deliverChannel(database.pool, 'bad', options())).toMatchObject({
    delivered: 1,
    failed: 1,
  });
  expect(received('bad')).toEqual([first, other]);
  clock.set(START_MS + HOUR_MS);
  expect(await deliverChannel(database.pool, 'bad', options())).toMatchObject({ delivered: 2 });
  expect(received('bad')).toEqual([first, other, first, second]);
});

test('a receiver that was away for 19 hours and more has every message within a minute', async () => {
  receiver.route('/bad', () => ({ status: 503 }));
  const keys = ['budget/x/2026-10-01/actual-50/1', 'budget/x/2026-10-01/actual-50/2'];
  await queue('bad', ...keys);
  await deliverChannel(database.pool, 'bad', options());
  // As after a day of attempts every half minute.
  await database.pool.query('update notify.outbox set attempts = 3000');
  clock.set(START_MS + 24 * HOUR_MS);
  await deliverChannel(database.pool, 'bad', options());
  receiver.route('/bad', () => ({ status: 204, body: '' }));
  clock.set(START_MS + 24 * HOUR_MS + MINUTE_MS);
  expect(await deliverChannel(database.pool, 'bad', options())).toEqual({
    delivered: 2,
    failed: 0,
    givenUp: 0,
  });
  expect(received('bad').slice(-2)).toEqual(keys);
});
