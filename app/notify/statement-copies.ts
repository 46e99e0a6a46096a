/** Which mails a sealed month makes: each statement to each contact of its team. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decimalsOf } from '../../exports/chargeback/currency-decimals.ts';
import { type Manifest, manifestName } from '../../exports/chargeback/manifest.ts';
import { readManifest, verifySeals } from '../../exports/chargeback/verify-chargeback.ts';
import { grouped, rounded } from '../../exports/formats/minor-units.ts';
import { shownDirections } from '../../foundation/direction-marks.ts';
import { CheckFailedError, UsageError } from '../../foundation/errors.ts';
import { readContacts } from '../../transforms/reference/read-contacts.ts';
import type { Configuration } from '../config.ts';
import type { Email } from './channels.ts';
import type { StatementCopy } from './mail-statement.ts';
import type { Mail } from './send-mail.ts';

export interface Statement {
  readonly team: string;
  readonly number: string;
  /** Its page, without a folder. */
  readonly file: string;
  /** None: nobody is named for the team. */
  readonly copies: readonly StatementCopy[];
  readonly mail: Omit<Mail, 'idempotencyKey' | 'to'>;
}

/**
 * The statements of a month in `folder`, by team. Throws UsageError when there are none, or no contacts;
 * CheckFailedError when a file or the chain is not as it was sealed.
 */
export async function sealedStatements(
  configuration: Configuration,
  folder: string,
  month: string,
): Promise<Statement[]> {
  const { allocation } = configuration.reference;
  if (typeof allocation !== 'string') {
    throw new UsageError(
      `${configuration.file} names no allocation file: set reference.allocation, and contacts of its teams`,
    );
  }
  const contacts = await readContacts(allocation);
  const manifest = await readManifest(folder, month);
  const findings = await verifySeals(folder, month);
  const [first] = findings;
  if (first !== undefined) {
    throw new CheckFailedError(
      `nothing is sent, for ${month} is not as it was sealed: ${first.text}`,
    );
  }
  if (manifest.statements.length === 0) {
    throw new UsageError(
      `${month} has no statements in ${folder}: write it again with \`chargeback --format html\` among the formats`,
    );
  }
  const manifestSha256 = hashOf(await readFile(path.join(folder, manifestName(month))));
  return Promise.all(
    manifest.statements.map(async (entry): Promise<Statement> => {
      const content = await readFile(path.join(folder, entry.file));
      const pageSha256 = hashOf(content);
      const { team, number, file } = entry;
      const copies = (contacts.get(team) ?? []).map((recipient) => ({
        ...{ month, team, number, recipient, pageSha256, manifestSha256 },
      }));
      const text = mailText(manifest, entry, { pageSha256, manifestSha256 }, configuration);
      const contact = configuration.statements.contact ?? '';
      const mail = {
        subject: subjectOf(manifest, entry),
        text,
        attachment: { name: file, type: 'text/html; charset=utf-8', content },
        ...(/^[^\s@]+@[^\s@]+$/.test(contact) ? { replyTo: contact } : {}),
      };
      return { team, number, file, copies, mail };
    }),
  );
}

/** The channel of `exports.statements.channel`, or the only e-mail channel. Throws UsageError. */
export function statementChannel({ file, channels, statements }: Configuration): Email {
  const emails = channels.filter((channel) => channel.kind === 'email');
  const { channel: wanted } = statements;
  const [only] = wanted === undefined ? emails : emails.filter(({ id }) => id === wanted);
  if (only === undefined) {
    const what = wanted === undefined ? 'an e-mail channel' : `an e-mail channel "${wanted}"`;
    throw new UsageError(`${file} has no mail server: add ${what} to alerts.channels`);
  }
  if (wanted === undefined && emails.length > 1) {
    throw new UsageError(
      `${file} has ${emails.length} e-mail channels: name one in exports.statements.channel`,
    );
  }
  return only;
}

type Entry = Manifest['statements'][number];

function subjectOf(manifest: Manifest, { team, number, reporting_cost: cost }: Entry): string {
  const currency = manifest.reporting_currency;
  const state = manifest.sources.state === 'closed' ? '' : ' (not closed yet)';
  return shownDirections(
    `Statement ${number}: ${team}, ${manifest.month}, ${amountText(cost, currency)}${state}`,
  );
}

function mailText(
  manifest: Manifest,
  { team, number, file, reporting_cost: cost }: Entry,
  { pageSha256, manifestSha256 }: Pick<StatementCopy, 'pageSha256' | 'manifestSha256'>,
  { statements }: Configuration,
): string {
  const state =
    manifest.sources.state === 'closed'
      ? 'The month is closed: this statement does not change any more.'
      : 'The month is not closed yet: these figures can still change.';
  const lines = [
    `Statement ${number} for ${team}, ${manifest.month}: ${amountText(cost, manifest.reporting_currency)}.`,
    state,
    '',
    `The statement is attached: open ${file} in a browser.`,
    `SHA-256 of the statement: ${pageSha256}`,
    `SHA-256 of ${manifestName(manifest.month)}: ${manifestSha256}`,
    '',
    ...statements.sender,
    ...(statements.contact === undefined ? [] : [`Contact: ${statements.contact}`]),
  ];
  return shownDirections(lines.join('\n'));
}

function amountText(cost: string, currency: string): string {
  return `${grouped(rounded(cost, decimalsOf(currency)))} ${currency}`;
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
