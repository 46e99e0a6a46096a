/**
 * A sheet of a workbook out of a table: numbers are numbers, days are days, ids are texts, the header
 * stays in place, and the last rows are totals as formulas. A spreadsheet's numbers are floating point:
 * of a number with more than 15 digits it keeps the first 15 to 17.
 */

import type { Cell, CellValue, ColumnDef, WriteSheet } from 'hucre/xlsx';
import { cellRef } from 'hucre/xlsx';
import type pg from 'pg';
import { shownDirections } from '../../foundation/direction-marks.ts';
import { type Column, isDecimal, jsonExpression } from './column.ts';

/** A column that is added up, per value of another that holds its currency. */
export interface SheetSum {
  readonly column: string;
  readonly currencyColumn: string;
}

export interface Sheet {
  readonly sheet: WriteSheet;
  /** Numbers with more digits than a spreadsheet keeps. */
  readonly numbersCut: number;
  /** Where the total of a column in a currency is: `teams!I12`. Null when there is none. */
  readonly totalRef: (column: string, currency: string) => string | null;
}

type Row = Readonly<Record<string, string | number | boolean | null>>;
interface Total {
  readonly column: string;
  readonly currencyColumn: string;
  readonly currency: string;
  /** An exact decimal text. */
  readonly total: string;
}

const DIGITS_KEPT = 15;
const BOLD = { font: { bold: true } };
const NUMBER_FORMATS: Readonly<Partial<Record<Column['kind'], string>>> = {
  amount: '#,##0.00',
  quantity: '#,##0.00',
  price: '#,##0.000000',
  date: 'yyyy-mm-dd',
};
const WIDTH_MIN = 11;
const WIDTH_OF_TEXT = 22;

/** `table` and its `order` are of the query's own; all rows are held in memory. */
export async function sheetOf(
  connection: pg.ClientBase,
  name: string,
  columns: readonly Column[],
  { table, order, sums }: { table: string; order: string; sums: readonly SheetSum[] },
): Promise<Sheet> {
  const { rows } = await connection.query<{ row: Row }>(
    `select ${jsonExpression(columns)} as row from ${table} order by ${order}`,
  );
  const placed = placeTotals(columns, rows.length, await totalsOf(connection, table, sums));
  const valuesOf = (row: Row): CellValue[] =>
    columns.map((column) => cellValue(column, row[column.name] ?? null));
  return {
    sheet: {
      name,
      columns: columns.map(columnOf),
      rows: [columns.map((column) => column.name), ...rows.map(({ row }) => valuesOf(row))],
      cells: new Map([...headerCells(columns), ...totalCells(placed, rows.length)]),
      freezePane: { rows: 1 },
      autoFilter: { range: `A1:${cellRef(rows.length, columns.length - 1)}` },
    },
    numbersCut: rows.reduce((sum, { row }) => sum + numbersCutOf(columns, row), 0),
    totalRef: (column, currency) => {
      const found = placed.find((total) => total.column === column && total.currency === currency);
      return found === undefined ? null : `${name}!${cellRef(found.row, found.at)}`;
    },
  };
}

/** A total and its cell: rows and columns are counted from 0. */
interface PlacedTotal extends Total {
  readonly row: number;
  readonly at: number;
  readonly currencyAt: number;
}

/** A row for each currency, after an empty row below the table. */
function placeTotals(
  columns: readonly Column[],
  rows: number,
  totals: readonly Total[],
): PlacedTotal[] {
  const currencies = [...new Set(totals.map(({ currency }) => currency))];
  const placeOf = (name: string): number => columns.findIndex((column) => column.name === name);
  return totals.map((total) => ({
    ...total,
    row: rows + 2 + currencies.indexOf(total.currency),
    at: placeOf(total.column),
    currencyAt: placeOf(total.currencyColumn),
  }));
}

type CellEntry = readonly [string, Partial<Cell>];

function headerCells(columns: readonly Column[]): CellEntry[] {
  return columns.map(({ name }, at) => [`0,${at}`, { value: name, style: BOLD }]);
}

function totalCells(placed: readonly PlacedTotal[], rows: number): CellEntry[] {
  const range = (at: number): string => `${cellRef(1, at)}:${cellRef(Math.max(rows, 1), at)}`;
  return placed.flatMap(({ row, at, currencyAt, currency, total }): CellEntry[] => [
    [`${row},1`, { value: 'Total', style: BOLD }],
    [`${row},${currencyAt}`, { value: currency, style: BOLD }],
    [
      `${row},${at}`,
      {
        formula: `SUMIF(${range(currencyAt)},"${currency}",${range(at)})`,
        formulaResult: Number(total),
        style: { ...BOLD, numFmt: '#,##0.00' },
      },
    ],
  ]);
}

async function totalsOf(
  connection: pg.ClientBase,
  table: string,
  sums: readonly SheetSum[],
): Promise<Total[]> {
  const totals: Total[] = [];
  for (const { column, currencyColumn } of sums) {
    const { rows } = await connection.query<{ currency: string; total: string }>(
      `select ${currencyColumn} as currency, trim_scale(sum(${column}))::text as total
       from ${table} where ${column} is not null group by 1 order by 1`,
    );
    totals.push(...rows.map((row) => ({ column, currencyColumn, ...row })));
  }
  return totals;
}

function cellValue({ kind }: Column, value: Row[string] | null): CellValue {
  if (value === null || value === undefined) return null;
  if (isDecimal(kind)) return Number(value);
  if (kind === 'date') return new Date(`${value}T00:00:00Z`);
  return typeof value === 'string' ? shownDirections(value) : value;
}

function numbersCutOf(columns: readonly Column[], row: Row): number {
  return columns.filter(({ name, kind }) => {
    const digits = String(row[name] ?? '')
      .replace(/[-.]/g, '')
      .replace(/^0+/, '');
    return isDecimal(kind) && digits.length > DIGITS_KEPT;
  }).length;
}

function columnOf({ name, kind }: Column): ColumnDef {
  const numFmt = NUMBER_FORMATS[kind];
  const width = Math.max(kind === 'text' ? WIDTH_OF_TEXT : WIDTH_MIN, name.length + 2);
  return { width, ...(numFmt === undefined ? {} : { numFmt }) };
}
