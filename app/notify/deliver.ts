/**
 * Sends what the outbox holds. A message is sent under a lock of the sending session, which ends
 * with it: two processes never send the same message at once, and one that was killed between
 * sending and recording leaves it to be sent again under the same idempotency key.
 */
import pRetry from 'p-retry';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Channel } from './channels.ts';
import { DeliveryError } from './delivery-error.ts';
import type { BudgetMessage } from './message.ts';
import { sendEmail } from './send-email.ts';
import { sendSlack } from './send-slack.ts';
import { sendWebhook } from './send-webhook.ts';

/** First of the two numbers of a message's lock; an arbitrary constant of this project. */
const MESSAGE_LOCKS = 7_120_036;
/** In one run; what still fails waits for the next one. */
const ATTEMPTS_PER_RUN = 3;
/** Before the second attempt of a run; doubled for the third. */
const RETRY_DELAY_MS = 500;
/** Twenty runs, the last of them an hour apart: about half a day. */
const ATTEMPTS_MAX = 60;
const WAIT_MINUTES_MAX = 60;
const MINUTE_MS = 60_000;

interface OutboxRow {
  readonly notification_id: number;
  readonly idempotency_key: string;
  readonly channel: string;
  readonly payload: BudgetMessage;
}

export interface DeliveryOptions {
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface DeliveryResult {
  readonly delivered: number;
  readonly failed: number;
  /** Messages that will not be tried again. */
  readonly givenUp: number;
}

/** Sends every message that is due, one after the other, oldest first. */
export async function deliverDue(pool: pg.Pool, options: DeliveryOptions): Promise<DeliveryResult> {
  const { rows } = await pool.query<OutboxRow>(
    `select notification_id, idempotency_key, channel, payload
     from notify.outbox
     where delivered_at is null and given_up_at is null and next_attempt_at <= $1
     order by notification_id`,
    [new Date(options.clock.nowMs())],
  );
  const outcomes: Outcome[] = [];
  for (const row of rows) {
    if (options.signal.aborted) break;
    outcomes.push(await deliverAlone(pool, row, options));
  }
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length;
  return { delivered: count('delivered'), failed: count('failed'), givenUp: count('given up') };
}

type Outcome = 'delivered' | 'failed' | 'given up' | 'left to another';

async function deliverAlone(
  pool: pg.Pool,
  row: OutboxRow,
  options: DeliveryOptions,
): Promise<Outcome> {
  const connection = await pool.connect();
  try {
    const { rows } = await connection.query<{ is_locked: boolean }>(
      'select pg_try_advisory_lock($1, $2) as is_locked',
      [MESSAGE_LOCKS, row.notification_id],
    );
    if (rows[0]?.is_locked !== true) return 'left to another';
    try {
      return await deliver(connection, row, options);
    } finally {
      await connection.query('select pg_advisory_unlock($1, $2)', [
        MESSAGE_LOCKS,
        row.notification_id,
      ]);
    }
  } finally {
    connection.release();
  }
}

async function deliver(
  connection: pg.ClientBase,
  row: OutboxRow,
  options: DeliveryOptions,
): Promise<Outcome> {
  const channel = options.channels.find(({ id }) => id === row.channel);
  let isTaken = false; // by whoever had the lock before
  let attempts = 0;
  let remark: string | null = null;
  try {
    await pRetry(
      async () => {
        const begun = await beginAttempt(connection, row);
        isTaken = begun === null;
        if (begun === null) return;
        attempts = begun;
        if (channel === undefined) throw new DeliveryError('no such channel', false);
        remark = await send(channel, row, options.clock.nowMs());
      },
      {
        retries: ATTEMPTS_PER_RUN - 1,
        minTimeout: RETRY_DELAY_MS,
        factor: 2,
        shouldRetry: ({ error }) => error instanceof DeliveryError && error.isTemporary,
        signal: options.signal,
      },
    );
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    return recordFailure(connection, row, attempts, error, options);
  }
  if (isTaken) return 'left to another';
  await connection.query(
    'update notify.outbox set delivered_at = $2, last_error = $3 where notification_id = $1',
    [row.notification_id, new Date(options.clock.nowMs()), remark],
  );
  if (remark !== null)
    options.log.warn({ channel: row.channel, reason: remark }, 'delivered in part');
  return 'delivered';
}

/** The number of the attempt; null when the message needs none any more. */
async function beginAttempt(connection: pg.ClientBase, row: OutboxRow): Promise<number | null> {
  const { rows } = await connection.query<{ attempts: number }>(
    `update notify.outbox set attempts = attempts + 1
     where notification_id = $1 and delivered_at is null and given_up_at is null
     returning attempts`,
    [row.notification_id],
  );
  return rows[0]?.attempts ?? null;
}

async function recordFailure(
  connection: pg.ClientBase,
  row: OutboxRow,
  attempts: number,
  error: DeliveryError,
  options: DeliveryOptions,
): Promise<Outcome> {
  const nowMs = options.clock.nowMs();
  const isOver = attempts >= ATTEMPTS_MAX || error.message === 'no such channel';
  const waitMinutes = Math.min(2 ** Math.floor(attempts / ATTEMPTS_PER_RUN), WAIT_MINUTES_MAX);
  await connection.query(
    `update notify.outbox
     set last_error = $2, next_attempt_at = $3, given_up_at = $4
     where notification_id = $1`,
    [
      row.notification_id,
      error.message,
      new Date(nowMs + waitMinutes * MINUTE_MS),
      isOver ? new Date(nowMs) : null,
    ],
  );
  options.log.error(
    { channel: row.channel, message: row.idempotency_key, attempts, reason: error.message },
    isOver ? 'a notification was given up' : 'a notification was not delivered',
  );
  return isOver ? 'given up' : 'failed';
}

/** What is to be said of a message that got through in part; null when all is well. */
async function send(channel: Channel, row: OutboxRow, nowMs: number): Promise<string | null> {
  switch (channel.kind) {
    case 'webhook':
      await sendWebhook(channel, row.payload, row.idempotency_key, nowMs);
      return null;
    case 'slack':
      await sendSlack(channel, row.payload);
      return null;
    case 'email':
      return sendEmail(channel, row.payload, row.idempotency_key);
  }
}
