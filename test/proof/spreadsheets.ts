/**
 * Goal: no spreadsheet misreads a chargeback, in English or in German. Method: LibreOffice opens the
 * workbook, recomputes it and saves it again, and opens the CSV files in both forms; what it took for
 * numbers is compared with the exact texts. Needs soffice (apt-get install libreoffice-calc).
 *
 *     node test/proof/spreadsheets.ts FOLDER MONTH    (folder of `chargeback --month MONTH`)
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { type CellValue, readXlsx } from 'hucre/xlsx';
import { ENTRY_COLUMNS, LINE_COLUMNS } from '../../exports/chargeback/columns.ts';
import { type Column, isDecimal } from '../../exports/formats/column.ts';

const LOCALES = ['en-US', 'de-DE'];
/** A float keeps 15 digits; sums of rows lose some more. */
const RELATIVE_ERROR_MAX = 1e-12;

const [folder = 'chargeback', month = ''] = process.argv.slice(2);
const work = mkdtempSync(path.join(tmpdir(), 'meterhouse-spreadsheets-'));
const file = (name: string): string => path.join(folder, `chargeback-${month}-${name}`);
let misread = 0;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A profile of LibreOffice in a locale, which recomputes every formula when it opens a file. */
function profileOf(locale: string): string {
  const profile = path.join(work, `profile-${locale}`);
  mkdirSync(path.join(profile, 'user'), { recursive: true });
  const item = (place: string, name: string, value: string): string =>
    `<item oor:path="${place}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`;
  writeFileSync(
    path.join(profile, 'user', 'registrymodifications.xcu'),
    `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
${item('/org.openoffice.Setup/L10N', 'ooSetupSystemLocale', locale)}
${item('/org.openoffice.Office.Calc/Formula/Load', 'OOXMLRecalcMode', '0')}
</oor:items>
`,
  );
  return profile;
}

/** Opens a file and saves it as a workbook; `separator` is that of a CSV file. */
async function reopened(
  locale: string,
  name: string,
  separator?: string,
): Promise<CellValue[][][]> {
  const out = path.join(work, locale, path.basename(name));
  const filter =
    separator === undefined
      ? []
      : [`--infilter=CSV:${separator.charCodeAt(0)},34,76,1,,0,false,true`];
  execFileSync(
    'soffice',
    [
      `-env:UserInstallation=${pathToFileURL(profileOf(locale)).href}`,
      ...['--headless', '--convert-to', 'xlsx', ...filter, '--outdir', out, name],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const saved = path.join(out, `${path.basename(name, path.extname(name))}.xlsx`);
  const { sheets } = await readXlsx(readFileSync(saved));
  return sheets.map(({ rows }) => rows);
}

/** What became of the decimals of a file: numbers, texts as they were, or something else. */
async function checkCsv(
  locale: string,
  table: string,
  columns: readonly Column[],
  [decimalMark, separator]: readonly [string, string],
): Promise<void> {
  const records: string[][] = parse(readFileSync(file(`${table}.csv`)), { bom: true });
  const name = path.join(work, `${table}-${decimalMark === ',' ? 'comma' : 'point'}.csv`);
  const cells = (record: string[], mark: string): string[] =>
    record.map((cell, at) =>
      isDecimal(columns[at]?.kind ?? 'text') ? cell.replace('.', mark) : cell,
    );
  const quoted = (cell: string): string =>
    /[",;\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const written = records.map((record, at) => (at === 0 ? record : cells(record, decimalMark)));
  writeFileSync(name, written.map((record) => `${record.map(quoted).join(separator)}\n`).join(''));
  const [rows = []] = await reopened(locale, name, separator);
  const counts = { numbers: 0, texts: 0, misread: 0 };
  for (const [at, record] of records.entries()) {
    for (const [column, exact] of record.entries()) {
      if (at === 0 || exact === '' || !isDecimal(columns[column]?.kind ?? 'text')) continue;
      const read = rows[at]?.[column];
      if (typeof read === 'number' && isNear(read, Number(exact))) counts.numbers += 1;
      else if (read === exact.replace('.', decimalMark)) counts.texts += 1;
      else counts.misread += 1;
    }
  }
  misread += counts.misread;
  say(
    `${locale}  ${table}.csv, decimal "${decimalMark}" separator "${separator}": ${counts.numbers} numbers, ${counts.texts} left as text, ${counts.misread} misread`,
  );
}

function isNear(read: number, exact: number): boolean {
  return Math.abs(read - exact) <= RELATIVE_ERROR_MAX * Math.max(Math.abs(exact), 1);
}

/** The totals that LibreOffice computes, and the exact ones of the manifest. */
async function checkWorkbook(locale: string): Promise<void> {
  const [lines = [], teams = [], journal = [], notes = []] = await reopened(
    locale,
    file('workbook.xlsx'),
  );
  const { totals } = JSON.parse(readFileSync(file('manifest.json'), 'utf8'));
  const sumOf = (rows: CellValue[][], column: string, currency: string): CellValue | undefined => {
    const at = rows[0]?.indexOf(column) ?? -1;
    const total = rows.find((row) => row[1] === 'Total' && row.includes(currency));
    return total?.[at];
  };
  for (const { billing_currency: currency, billed_cost: exact } of totals) {
    for (const [name, rows] of Object.entries({ lines, teams })) {
      const read = sumOf(rows, 'billed_cost', currency);
      const agrees = typeof read === 'number' && isNear(read, Number(exact));
      if (!agrees) misread += 1;
      say(
        `${locale}  ${name} billed_cost ${currency}: ${read}, exact ${exact}: ${agrees ? 'agrees' : 'DIFFERS'}`,
      );
    }
  }
  for (const currency of ['EUR', 'USD']) {
    const [debit, credit] = ['debit', 'credit'].map((side) => sumOf(journal, side, currency));
    say(`${locale}  journal ${currency}: debit ${debit}, credit ${credit}`);
  }
  const days = lines
    .slice(1)
    .filter((row) => row[lines[0]?.indexOf('first_date') ?? -1] instanceof Date);
  const ids = lines
    .slice(1)
    .filter((row) => typeof row[lines[0]?.indexOf('resource_id') ?? -1] === 'string');
  say(
    `${locale}  lines: ${days.length} days, ${ids.length} ids as text; notes: ${notes.length} rows`,
  );
}

for (const locale of LOCALES) {
  await checkWorkbook(locale);
  for (const form of [['.', ','] as const, [',', ';'] as const]) {
    await checkCsv(locale, 'lines', LINE_COLUMNS, form);
    await checkCsv(locale, 'journal-entries', ENTRY_COLUMNS, form);
  }
}
rmSync(work, { recursive: true });
if (misread > 0) process.exitCode = 1;
say(misread === 0 ? 'nothing is misread' : `${misread} misread`);
