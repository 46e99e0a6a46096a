/** The month as one workbook: lines, teams, journal and notes. */
import type { Cell, CellValue, WriteSheet } from 'hucre/xlsx';
import { writeXlsx } from 'hucre/xlsx';
import { FileOutput } from '../formats/file-output.ts';
import type { FileSet } from '../formats/file-set.ts';
import { type Sheet, type SheetSum, sheetOf } from '../formats/sheet.ts';
import type { Snapshot } from '../snapshot.ts';
import { ENTRY_COLUMNS, LINE_COLUMNS, TEAM_COLUMNS } from './columns.ts';
import { omissionText, type Summary } from './manifest.ts';

/** A workbook is held in memory (about 480 MB for these); with more lines it names the file that has them. */
const LINES_MAX = 20_000;
/** The same bytes in every run. */
const WRITTEN_AT = new Date('2000-01-01T00:00:00Z');

const TEAM_ORDER =
  'team collate "C", cost_centre collate "C" nulls first, billing_currency collate "C"';
const COST_SUMS: readonly SheetSum[] = [
  { column: 'billed_cost', currencyColumn: 'billing_currency' },
  { column: 'effective_cost', currencyColumn: 'billing_currency' },
  { column: 'reporting_cost', currencyColumn: 'reporting_currency' },
];
const ENTRY_SUMS: readonly SheetSum[] = [
  { column: 'debit', currencyColumn: 'currency' },
  { column: 'credit', currencyColumn: 'currency' },
  { column: 'functional_amount', currencyColumn: 'functional_currency' },
];

export async function addWorkbook(
  snapshot: Snapshot,
  files: FileSet,
  prefix: string,
  summary: Summary,
): Promise<void> {
  const { connection } = snapshot;
  const lines = summary.totals.reduce((sum, total) => sum + total.lines, 0);
  const sheets: Sheet[] = [];
  if (lines <= LINES_MAX) {
    const table = { table: 'chargeback_line', order: 'line', sums: COST_SUMS };
    sheets.push(await sheetOf(connection, 'lines', LINE_COLUMNS, table));
  }
  const teams = { table: 'chargeback_team', order: TEAM_ORDER, sums: COST_SUMS };
  sheets.push(await sheetOf(connection, 'teams', TEAM_COLUMNS, teams));
  const entries = { table: 'chargeback_entry', order: 'entry_number', sums: ENTRY_SUMS };
  sheets.push(await sheetOf(connection, 'journal', ENTRY_COLUMNS, entries));
  const bytes = await writeXlsx({
    sheets: [...sheets.map(({ sheet }) => sheet), notesSheet(summary, sheets, lines)],
    stringMode: 'inline',
    properties: { title: `Chargeback ${summary.month}`, created: WRITTEN_AT, modified: WRITTEN_AT },
  });
  await files.add(`${prefix}workbook.xlsx`, (file) =>
    FileOutput.writeFile(file, async (output) => {
      await output.write(bytes);
      return lines;
    }),
  );
}

/** What the figures are, and the totals of the sheets beside the exact ones. */
function notesSheet(summary: Summary, sheets: readonly Sheet[], lines: number): WriteSheet {
  const rows: CellValue[][] = [...remarks(summary, sheets, lines), []];
  const cells = new Map<string, Partial<Cell>>();
  rows.push(['Totals', 'Exact', ...sheets.map(({ sheet }) => sheet.name)]);
  for (const total of summary.totals) {
    const { billing_currency: billing, reporting_currency: reporting } = total;
    const exact = { billed_cost: total.billed_cost, effective_cost: total.effective_cost };
    for (const [column, amount] of Object.entries(exact)) {
      checkTotal(rows, cells, sheets, { column, currency: billing, amount });
    }
    if (summary.totals.length > 1) continue;
    const amount = total.reporting_cost;
    checkTotal(rows, cells, sheets, { column: 'reporting_cost', currency: reporting, amount });
  }
  return {
    name: 'notes',
    columns: [{ width: 34 }, { width: 60 }, { width: 20 }, { width: 20 }, { width: 20 }],
    rows,
    cells,
  };
}

/** One total: exact, then what each sheet adds up to. */
function checkTotal(
  rows: CellValue[][],
  cells: Map<string, Partial<Cell>>,
  sheets: readonly Sheet[],
  { column, currency, amount }: { column: string; currency: string; amount: string },
): void {
  const row = rows.push([`${column} ${currency}`, amount]) - 1;
  for (const [index, { totalRef }] of sheets.entries()) {
    const reference = totalRef(column, currency);
    if (reference === null) continue;
    cells.set(`${row},${index + 2}`, {
      formula: reference,
      formulaResult: Number(amount),
      style: { numFmt: '#,##0.00' },
    });
  }
}

function remarks(summary: Summary, sheets: readonly Sheet[], lines: number): CellValue[][] {
  const { sources, month, reporting_currency: currency } = summary;
  const numbersCut = sheets.reduce((sum, sheet) => sum + sheet.numbersCut, 0);
  return [
    ['Chargeback', month],
    ['State', sources.state === 'closed' ? `closed at ${sources.closed_at}` : 'not closed yet'],
    ['Ledger run', sources.last_run_id === null ? 'none' : String(sources.last_run_id)],
    ['Reporting currency', currency],
    [
      'Digits',
      `A spreadsheet keeps the first 15 to 17 digits of a number. ${numbersCut} numbers here have more than 15; the CSV, JSON, Arrow and Parquet files have all digits.`,
    ],
    ['Tax', 'All amounts are without tax.'],
    ...(lines > LINES_MAX
      ? [['Lines', `${lines} lines are more than a workbook takes: see the lines file`]]
      : []),
    ...summary.exchange_rates.map((rate) => [
      'Exchange rate',
      `1 ${rate.base_currency} = ${rate.rate} ${rate.quote_currency} from ${rate.valid_from} (${rate.source})`,
    ]),
    ...summary.invoices.map((invoice) => [
      invoice.is_credit_note ? 'Credit note' : 'Invoice',
      `${invoice.issuer_name} ${invoice.invoice_number}: ${invoice.net_amount} ${invoice.currency}, and ${invoice.tax_amount} tax that is not charged here`,
    ]),
    ...summary.omissions.map((row) => ['Not in this statement', omissionText(row)]),
  ];
}
