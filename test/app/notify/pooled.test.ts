/**
 * Goal: messages go out through a pooler that gives each transaction another session. Method: the outbox
 * behind a pooler in transaction mode in its worst case, real receivers, two senders at once.
 */
import { beforeEach, expect, test } from 'vitest';
import { SteppedClock } from '../../../app/clock.ts';
import { type Database, openDatabase } from '../../../app/database.ts';
import { silentLogger } from '../../../app/log.ts';
import { deliverDue } from '../../../app/notify/deliver.ts';
import { FakeApi } from '../../support/fake-api.ts';
import { testDatabase } from '../../support/postgres.ts';
import { transactionPooler } from '../../support/transaction-pooler.ts';

const START_MS = Date.UTC(2026, 9, 1);
/** An attempt puts its message off for so long. */
const ATTEMPT_MS = 50_000;
const KEYS = ['budget/x/2026-10-01/actual-50/1', 'budget/x/2026-10-01/actual-50/2'];

let receiver: FakeApi;
let senders: readonly [Database, Database];
let clock: SteppedClock;
let stop: AbortController;

beforeEach(async ({ onTestFinished }) => {
  const url = await transactionPooler((await testDatabase()).url);
  senders = [
    await openDatabase({ kind: 'url', url }, 2),
    await openDatabase({ kind: 'url', url }, 2),
  ];
  receiver = await FakeApi.start();
  clock = new SteppedClock(START_MS);
  stop = new AbortController();
  receiver.route('/hook', () => ({ status: 204, body: '' }));
  onTestFinished(async () => {
    await receiver.close();
    for (const sender of senders) await sender.close();
  });
  for (const key of KEYS) {
    await senders[0].pool.query(
      `insert into notify.outbox (idempotency_key, channel, payload, created_at, next_attempt_at)
       values ($1, 'hook', '{}', $2, $2)`,
      [key, new Date(START_MS)],
    );
  }
});

function send({ pool }: Database) {
  const url = `${receiver.baseUrl}/hook`;
  const channel = {
    id: 'hook',
    kind: 'webhook',
    url,
    secret: 'webhook-secret-of-the-test',
  } as const;
  return deliverDue(pool, { channels: [channel], clock, log: silentLogger, signal: stop.signal });
}

const received = () => receiver.requests.map(({ headers }) => headers['idempotency-key']);

test('two senders at once deliver each message once, in its order', async () => {
  receiver.route('/hook', () => ({ status: 204, body: '', delayMs: 300 }));
  const results = await Promise.all(senders.map(send));
  const delivered = results.reduce((sum, result) => sum + result.delivered, 0);
  expect(delivered + (await send(senders[0])).delivered).toBe(2);
  expect(received()).toEqual(KEYS);
});

test('what a sender left half sent is put off for the time of an attempt, and then sent again', async () => {
  receiver.route('/hook', () => new Promise<never>(() => undefined));
  const hanging = send(senders[0]);
  await expect.poll(() => received().length, { timeout: 20_000 }).toBe(1);
  receiver.route('/hook', () => ({ status: 204, body: '' }));
  clock.set(START_MS + ATTEMPT_MS - 1);
  expect(await send(senders[1])).toEqual({ delivered: 0, failed: 0, givenUp: 0 });
  clock.set(START_MS + ATTEMPT_MS);
  expect(await send(senders[1])).toEqual({ delivered: 2, failed: 0, givenUp: 0 });
  expect(received()).toEqual([KEYS[0], ...KEYS]);
  stop.abort(new Error('the test is over'));
  await hanging.catch(() => undefined); // its receiver never answers
});
