/** The journals of a month: the exact one, the one in whole minor units, and that one in templates. */
import { CURRENCIES } from '../focus/tables.ts';
import type { FileSet } from '../formats/file-set.ts';
import type { Snapshot } from '../snapshot.ts';
import { entryParameters, type JournalSettings } from './journal-settings.ts';
import type { NamedTemplate } from './journal-template.ts';
import { type EntryRow, writeJournal } from './write-journal.ts';

/** Of a reporting currency that ISO 4217 does not list. */
const DECIMALS_ELSE = '2';

/** Keeps the postings and the entries until the end of the transaction; the lines are kept already. */
export async function keepJournals(
  snapshot: Snapshot,
  settings: JournalSettings,
  reportingCurrency: string,
): Promise<void> {
  const decimals = Object.fromEntries(CURRENCIES.map(({ code, decimals }) => [code, decimals]));
  await snapshot.keep('chargeback_posting', 'journal');
  await snapshot
    .with({
      ...entryParameters(settings),
      currencies: JSON.stringify({ [reportingCurrency]: DECIMALS_ELSE, ...decimals }),
    })
    .keep('chargeback_entry', 'entries');
}

export async function addTemplates(
  snapshot: Snapshot,
  files: FileSet,
  prefix: string,
  templates: readonly NamedTemplate[],
  values: JournalSettings['values'],
): Promise<void> {
  if (templates.length === 0) return;
  const rows = await snapshot.rows<EntryRow>('entry_fields');
  for (const { name, template } of templates) {
    await files.add(`${prefix}journal-${name}.${template.ending}`, (file) =>
      writeJournal(template, values, rows, file),
    );
  }
}
