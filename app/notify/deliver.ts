/**
 * Sends what the outbox holds: channels side by side, so that a silent receiver delays nobody else,
 * and the messages of a threshold in their order. Each attempt puts the message off for as long as it
 * may take, so that two processes never send it at once; a process that was killed between sending and
 * recording leaves it to be sent again then, under the same idempotency key. No connection is held
 * while a receiver is waited for.
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

/** Longer than one attempt on any channel. */
const ATTEMPT_SECONDS = 50;
/** In one run; what still fails waits for the next one. */
const ATTEMPTS_PER_RUN = 3;
/** Before the second attempt of a run; doubled for the third. */
const RETRY_DELAY_MS = 500;
/** A receiver that refuses a message so often will not take it. One that is away is asked for ever. */
const REFUSALS_MAX = 60;
const REFUSED_WAIT_MINUTES_MAX = 60;
/** So that what was away is served within a minute of its return. */
const AWAY_WAIT_MINUTES = 0.5;
const MINUTE_MS = 60_000;

/** A message waits for the earlier ones of its threshold: its key without the number of the change. */
const IS_FIRST_OF_ITS_THRESHOLD = `not exists (
  select from notify.outbox as earlier
  where earlier.channel = outbox.channel and earlier.notification_id < outbox.notification_id
    and earlier.delivered_at is null and earlier.given_up_at is null
    and regexp_replace(earlier.idempotency_key, '/[^/]*$', '')
      = regexp_replace(outbox.idempotency_key, '/[^/]*$', '')
)`;

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

/** Sends every message that is due, oldest first on each channel. */
export async function deliverDue(pool: pg.Pool, options: DeliveryOptions): Promise<DeliveryResult> {
  const { rows } = await pool.query<{ channel: string }>(
    `select distinct channel from notify.outbox
     where delivered_at is null and given_up_at is null and next_attempt_at <= $1`,
    [new Date(options.clock.nowMs())],
  );
  const results = await Promise.all(
    rows.map(({ channel }) => deliverChannel(pool, channel, options)),
  );
  const sum = (pick: (result: DeliveryResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  return {
    delivered: sum((result) => result.delivered),
    failed: sum((result) => result.failed),
    givenUp: sum((result) => result.givenUp),
  };
}

/** The same for one channel, by its id. Ends early when the receiver is away. */
export async function deliverChannel(
  pool: pg.Pool,
  channel: string,
  options: DeliveryOptions,
): Promise<DeliveryResult> {
  const result = { delivered: 0, failed: 0, givenUp: 0 };
  const tried = new Set<number>();
  for (;;) {
    const due = await dueMessages(pool, channel, options.clock.nowMs());
    const fresh = due.filter((row) => !tried.has(row.notification_id));
    if (fresh.length === 0) return result;
    // A delivered message lets the next one of its threshold go, so the outbox is read again.
    for (const row of fresh) {
      if (options.signal.aborted) return result;
      tried.add(row.notification_id);
      const outcome = await deliver(pool, row, options);
      if (outcome === 'delivered') result.delivered += 1;
      if (outcome === 'given up') result.givenUp += 1;
      if (outcome === 'refused' || outcome === 'away') result.failed += 1;
      if (outcome === 'away') return result;
    }
  }
}

async function dueMessages(pool: pg.Pool, channel: string, nowMs: number): Promise<OutboxRow[]> {
  const { rows } = await pool.query<OutboxRow>(
    `select notification_id, idempotency_key, channel, payload
     from notify.outbox
     where channel = $1 and delivered_at is null and given_up_at is null
       and next_attempt_at <= $2 and ${IS_FIRST_OF_ITS_THRESHOLD}
     order by notification_id`,
    [channel, new Date(nowMs)],
  );
  return rows;
}

type Outcome = 'delivered' | 'away' | 'refused' | 'given up' | 'left to another';

async function deliver(pool: pg.Pool, row: OutboxRow, options: DeliveryOptions): Promise<Outcome> {
  const channel = options.channels.find(({ id }) => id === row.channel);
  let isTaken = false; // by another process
  let attempts = 0;
  let remark: string | null = null;
  try {
    await pRetry(
      async () => {
        const begun = await beginAttempt(pool, row, attempts, options.clock.nowMs());
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
    return recordFailure(pool, row, attempts, error, options);
  }
  if (isTaken) return 'left to another';
  await pool.query(
    'update notify.outbox set delivered_at = $2, last_error = $3 where notification_id = $1',
    [row.notification_id, new Date(options.clock.nowMs()), remark],
  );
  if (remark !== null)
    options.log.warn({ channel: row.channel, reason: remark }, 'delivered in part');
  return 'delivered';
}

/**
 * The number of the attempt; null when the message needs none any more, or when another process has
 * begun one since. `attempts`: the number of our own last one, 0 for none.
 */
async function beginAttempt(
  pool: pg.Pool,
  row: OutboxRow,
  attempts: number,
  nowMs: number,
): Promise<number | null> {
  const { rows } = await pool.query<{ attempts: number }>(
    `update notify.outbox
     set attempts = attempts + 1, next_attempt_at = $2::timestamptz + make_interval(secs => $4)
     where notification_id = $1 and delivered_at is null and given_up_at is null
       and case when $3 = 0 then next_attempt_at <= $2 else attempts = $3 end
       and ${IS_FIRST_OF_ITS_THRESHOLD}
     returning attempts`,
    [row.notification_id, new Date(nowMs), attempts, ATTEMPT_SECONDS],
  );
  return rows[0]?.attempts ?? null;
}

async function recordFailure(
  pool: pg.Pool,
  row: OutboxRow,
  attempts: number,
  error: DeliveryError,
  options: DeliveryOptions,
): Promise<Outcome> {
  const nowMs = options.clock.nowMs();
  const isRefused = !error.isTemporary;
  const isOver = isRefused && (attempts >= REFUSALS_MAX || error.message === 'no such channel');
  const waitMinutes = isRefused
    ? Math.min(2 ** Math.floor(attempts / ATTEMPTS_PER_RUN), REFUSED_WAIT_MINUTES_MAX)
    : AWAY_WAIT_MINUTES;
  await pool.query(
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
  if (isOver) return 'given up';
  return isRefused ? 'refused' : 'away';
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
