/** `meterhouse chargeback send [folder]`: mails each team its statement of a month, once per version. */
import type pg from 'pg';
import { CheckFailedError } from '../../foundation/errors.ts';
import { monthBefore, monthOf } from '../../foundation/months.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import type { Email } from '../notify/channels.ts';
import { mailStatement, type StatementCopy, stateOfCopy } from '../notify/mail-statement.ts';
import { type Statement, sealedStatements, statementChannel } from '../notify/statement-copies.ts';
import { table } from '../output.ts';
import { openReady } from '../warehouse.ts';

interface SendOptions {
  readonly folder: string;
  /** Null: the last month that is over. */
  readonly month: string | null;
  /** False: only says who would get what. */
  readonly isSent: boolean;
}

interface SentCopy {
  readonly team: string;
  readonly statement: string;
  readonly recipient: string | null;
  readonly state: string;
}

/** Throws CheckFailedError when a mail that should be sent was not. */
export async function chargebackSendCommand(context: Context, options: SendOptions): Promise<void> {
  const month = options.month ?? monthBefore(monthOf(context.clock.nowMs()));
  const configuration = await readConfiguration(context.configFile, context.environment);
  const channel = statementChannel(configuration);
  const statements = await sealedStatements(configuration, options.folder, month);
  const warehouse = await openReady(configuration.database);
  try {
    const { pool } = warehouse;
    const copies = options.isSent
      ? await sendAll(context, pool, channel, statements)
      : await lookAtAll(pool, statements);
    const failed = copies.filter(({ state }) => state.startsWith('not sent:')).length;
    present(context, { month, is_sent: options.isSent, copies }, () =>
      [
        table(copies, [
          { title: 'team', value: (row) => row.team },
          { title: 'statement', value: (row) => row.statement },
          { title: 'to', value: (row) => row.recipient ?? '-' },
          { title: '', value: (row) => row.state },
        ]),
        options.isSent ? '' : 'nothing was sent: send with --send\n',
      ].join(''),
    );
    if (failed > 0) {
      throw new CheckFailedError(
        `${failed} mail(s) of ${month} were not sent: run the command again, which sends only those`,
      );
    }
  } finally {
    await warehouse.close();
  }
}

async function lookAtAll(pool: pg.Pool, statements: readonly Statement[]): Promise<SentCopy[]> {
  const copies: SentCopy[] = [];
  for (const statement of statements) {
    for (const copy of statement.copies) {
      const state = await stateOfCopy(pool, copy);
      copies.push(rowOf(statement, copy, state === 'not sent yet' ? 'would be sent' : state));
    }
    if (statement.copies.length === 0) copies.push(rowOf(statement, null, NO_CONTACT));
  }
  return copies;
}

/** One after the other; after a server that does not answer, the rest is not tried. */
async function sendAll(
  context: Context,
  pool: pg.Pool,
  channel: Email,
  statements: readonly Statement[],
): Promise<SentCopy[]> {
  const copies: SentCopy[] = [];
  let isAway = false;
  for (const statement of statements) {
    for (const copy of statement.copies) {
      if (isAway || context.signal.aborted) {
        copies.push(rowOf(statement, copy, 'not sent: not tried any more'));
        continue;
      }
      const result = await mailStatement(pool, channel, copy, {
        mail: statement.mail,
        clock: context.clock,
      });
      isAway = !result.isAnswered;
      copies.push(
        rowOf(statement, copy, result.reason === null ? result.state : failureText(result)),
      );
    }
    if (statement.copies.length === 0) copies.push(rowOf(statement, null, NO_CONTACT));
  }
  return copies;
}

const NO_CONTACT = 'nobody to send to: add contacts to the team in the allocation file';

function failureText({
  reason,
  isAnswered,
}: {
  reason: string | null;
  isAnswered: boolean;
}): string {
  return isAnswered
    ? `not sent: the mail server refused it (${reason})`
    : `not sent: the mail server does not answer (${reason})`;
}

function rowOf({ team, number }: Statement, copy: StatementCopy | null, state: string): SentCopy {
  return { team, statement: number, recipient: copy?.recipient ?? null, state };
}
