/** What `record` found, for people. */
import { table } from '../output.ts';
import type { Finding, Recording } from './recording.ts';

const ROWS_SHOWN = 30;
const HIDDEN = '*';
const HIDDEN_NOTE =
  '* shown here only: in the folder the name is a pseudonym, unless --keep-field-names is given\n';

/** `unknownNames`: by pseudonym, names that may be shown to who recorded, and to nobody else. */
export function reportText(
  report: Recording['report'],
  unknownNames: ReadonlyMap<string, string>,
): string {
  const { schemas, unknown_fields: unknown, description, since } = report;
  return [
    section('Records that our schemas refuse', schemas, unknownNames),
    section('Fields that our schemas do not name', unknown, unknownNames),
    description === null
      ? ''
      : section("Differences from the vendor's description", description, unknownNames),
    since === null ? '' : sinceText(since),
  ].join('');
}

function section(
  title: string,
  findings: readonly Finding[],
  unknownNames: ReadonlyMap<string, string>,
): string {
  if (findings.length === 0) return `${title}: none\n`;
  const rows = findings.slice(0, ROWS_SHOWN);
  const more = findings.length - rows.length;
  const named = rows.map((row) => ({ ...row, where: withNames(row.where, unknownNames) }));
  return [
    `\n${title}\n\n`,
    table(named, [
      { title: 'where', value: ({ where }) => where },
      { title: 'what', value: ({ what }) => what },
      { title: 'times', value: ({ answers }) => String(answers), align: 'right' },
    ]),
    more > 0 ? `and ${more} more, in recording.json\n` : '',
    named.some(({ where }) => where.includes(HIDDEN)) ? HIDDEN_NOTE : '',
  ].join('');
}

/** With the names that only who recorded may see. */
function withNames(where: string, unknownNames: ReadonlyMap<string, string>): string {
  return where.replace(/field_[0-9a-f]+/g, (pseudonym) => {
    const name = unknownNames.get(pseudonym);
    return name === undefined ? pseudonym : `${name}${HIDDEN}`;
  });
}

function sinceText(since: NonNullable<Recording['report']['since']>): string {
  const lines = [
    ...since.appeared.map((field) => `  appeared: ${field}\n`),
    ...since.vanished.map((field) => `  vanished: ${field}\n`),
    ...since.changed.map((field) => `  changed: ${field}\n`),
  ];
  const title = `Since the recording of ${since.recorded_at}`;
  const doubt = since.same_pseudonyms
    ? ''
    : '  The credentials are others, and so are all pseudonyms: unknown fields cannot be compared.\n';
  return `${title}: ${lines.length === 0 ? 'no field appeared, vanished or changed its type' : ''}\n${doubt}${lines.join('')}`;
}
