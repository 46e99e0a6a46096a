/**
 * Mails one statement to one recipient, once per version. An attempt puts the mail off for as long as it
 * may take, so that two senders never send it at once; a process that was killed between sending and
 * recording leaves it to be sent again then, under the same Message-ID.
 */
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Email } from './channels.ts';
import { DeliveryError } from './delivery-error.ts';
import { type Mail, sendMail } from './send-mail.ts';

/** Longer than one attempt. */
const ATTEMPT_SECONDS = 50;

/** A version of a team's statement for a recipient. */
export interface StatementCopy {
  /** `YYYY-MM` */
  readonly month: string;
  readonly team: string;
  readonly number: string;
  readonly recipient: string;
  /** Of the page, which is what a version is; hexadecimal. */
  readonly pageSha256: string;
  readonly manifestSha256: string;
}

export type CopyState = 'not sent yet' | 'sent' | 'sent before' | 'another process sends it';

export interface CopyResult {
  readonly state: CopyState | 'failed';
  /** A status or a code; null unless failed. */
  readonly reason: string | null;
  /** False: nobody answered, so that the next mail would fail as well. */
  readonly isAnswered: boolean;
}

/** Without sending anything. */
export async function stateOfCopy(pool: pg.Pool, copy: StatementCopy): Promise<CopyState> {
  const { rows } = await pool.query(
    `select from notify.statement_mail
     where month = to_date($1, 'YYYY-MM') and team = $2 and recipient = $3 and page_sha256 = $4
       and sent_at is not null`,
    keyOf(copy),
  );
  return rows.length === 0 ? 'not sent yet' : 'sent before';
}

/** Throws nothing for what the mail server does: that is in the result. */
export async function mailStatement(
  pool: pg.Pool,
  channel: Email,
  copy: StatementCopy,
  { mail, clock }: { readonly mail: Omit<Mail, 'idempotencyKey' | 'to'>; readonly clock: Clock },
): Promise<CopyResult> {
  if (!(await beginAttempt(pool, copy, clock.nowMs()))) {
    const state = await stateOfCopy(pool, copy);
    return done(state === 'sent before' ? state : 'another process sends it');
  }
  const idempotencyKey = ['statement', ...keyOf(copy)].join('/');
  try {
    await sendMail(channel, { ...mail, to: [copy.recipient], idempotencyKey });
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    await endAttempt(pool, copy, { sentMs: null, nowMs: clock.nowMs(), reason: error.message });
    return { state: 'failed', reason: error.message, isAnswered: error.isAnswered };
  }
  await endAttempt(pool, copy, { sentMs: clock.nowMs(), nowMs: clock.nowMs(), reason: null });
  return done('sent');
}

function done(state: CopyState): CopyResult {
  return { state, reason: null, isAnswered: true };
}

function keyOf({ month, team, recipient, pageSha256 }: StatementCopy): string[] {
  return [month, team, recipient, pageSha256];
}

/** False when the mail was sent, or when another process has begun to send it. */
async function beginAttempt(pool: pg.Pool, copy: StatementCopy, nowMs: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into notify.statement_mail as mail
       (month, team, recipient, page_sha256, manifest_sha256, statement_number, attempts,
        next_attempt_at)
     values (to_date($1, 'YYYY-MM'), $2, $3, $4, $5, $6, 1,
       $7::timestamptz + make_interval(secs => $8))
     on conflict (month, team, recipient, page_sha256) do update
     set attempts = mail.attempts + 1, manifest_sha256 = excluded.manifest_sha256,
       next_attempt_at = excluded.next_attempt_at
     where mail.sent_at is null and mail.next_attempt_at <= $7`,
    [...keyOf(copy), copy.manifestSha256, copy.number, new Date(nowMs), ATTEMPT_SECONDS],
  );
  return rowCount === 1;
}

/** What failed can be tried again at once. */
async function endAttempt(
  pool: pg.Pool,
  copy: StatementCopy,
  {
    sentMs,
    nowMs,
    reason,
  }: { readonly sentMs: number | null; readonly nowMs: number; readonly reason: string | null },
): Promise<void> {
  await pool.query(
    `update notify.statement_mail
     set sent_at = $5, next_attempt_at = $6, last_error = $7
     where month = to_date($1, 'YYYY-MM') and team = $2 and recipient = $3 and page_sha256 = $4`,
    [...keyOf(copy), sentMs === null ? null : new Date(sentMs), new Date(nowMs), reason],
  );
}
