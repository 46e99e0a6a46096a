/**
 * Goal: a spreadsheet gets numbers as numbers, days as days and names as texts, whatever its language,
 * and its totals agree. Method: planted books with hostile names and one number that no spreadsheet can
 * hold; the files are read back. LibreOffice itself reads them in `test/proof/spreadsheets.ts`.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type CellValue, readXlsx, type Sheet } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LINE_COLUMNS } from '../../exports/chargeback/columns.ts';
import { parseCsvForm } from '../../exports/chargeback/formats.ts';
import { UsageError } from '../../foundation/errors.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { chargeback, FORMULA_TEAM, plantBooks } from './planted-books.ts';

let database: TestDatabase;
let folder: TemporaryFolder;
let sheets: Map<string, Sheet>;

const file = (name: string): string => path.join(folder.path, `chargeback-2026-10-${name}`);

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  await plantBooks(database.pool, folder.path);
  await chargeback(database.pool, '2026-10', folder.path, ['csv', 'xlsx']);
  const workbook = await readXlsx(await readFile(file('workbook.xlsx')), { readStyles: true });
  sheets = new Map(workbook.sheets.map((sheet) => [sheet.name, sheet]));
});

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

describe('the workbook', () => {
  const rowsOf = (name: string): CellValue[][] => sheets.get(name)?.rows ?? [];
  const value = (name: string, row: number, column: string): CellValue | undefined =>
    rowsOf(name)[row]?.[rowsOf(name)[0]?.indexOf(column) ?? -1];
  const cell = (name: string, row: number, column: string) =>
    sheets.get(name)?.cells?.get(`${row},${rowsOf(name)[0]?.indexOf(column)}`);

  test('has four sheets; the tables have a header that stays', () => {
    expect([...sheets.keys()]).toEqual(['lines', 'teams', 'journal', 'notes']);
    for (const name of ['lines', 'teams', 'journal']) {
      expect(sheets.get(name)?.freezePane?.rows).toBe(1);
    }
    expect(rowsOf('lines')[0]).toEqual(LINE_COLUMNS.map(({ name }) => name));
  });

  test('has numbers with two decimals shown, days, booleans and texts that stay texts', () => {
    const at = rowsOf('lines').findIndex((row) => row.includes('site'));
    expect(cell('lines', at, 'billed_cost')).toMatchObject({
      value: 7.999999992,
      style: { numFmt: '#,##0.00' },
    });
    expect(value('lines', at, 'first_date')).toEqual(new Date('2026-10-11T00:00:00Z'));
    expect(value('lines', at, 'is_share')).toBe(false);
    expect(value('lines', at, 'cost_centre')).toBe('20');
    expect(value('lines', at, 'resource_name')).toBe('@SUM(1+1)*cmd|calc');
    const team = rowsOf('teams').findIndex((row) => row.includes(FORMULA_TEAM));
    expect(cell('teams', team, 'team')?.formula).toBeUndefined();
  });

  test('adds up by formulas whose values are the exact totals', () => {
    const lines = rowsOf('lines').findIndex((row) => row[1] === 'Total');
    // 9 lines, in the rows 2 to 10; billed_cost is column AB, billing_currency AA.
    expect(cell('lines', lines, 'billed_cost')).toMatchObject({
      formula: 'SUMIF(AA2:AA10,"EUR",AB2:AB10)',
      formulaResult: 10.939999992,
    });
    expect(cell('lines', lines + 1, 'billed_cost')).toMatchObject({
      formula: 'SUMIF(AA2:AA10,"USD",AB2:AB10)',
      formulaResult: 12_345_678_992.08642,
    });
    const journal = rowsOf('journal').findIndex((row) => row[1] === 'Total');
    expect(cell('journal', journal, 'debit')?.formulaResult).toBe(10.94);
    expect(cell('journal', journal, 'credit')?.formulaResult).toBe(10.94);
  });

  test('says what it cannot keep, and names the exact totals as texts', () => {
    const notes = new Map(rowsOf('notes').map((row) => [row[0], row[1]]));
    // 12345678904.086419725 and 12345678901… in costs and prices have more than 15 digits.
    expect(notes.get('Digits')).toMatch(/[1-9]\d* numbers here have more than 15; the CSV/);
    expect(notes.get('billed_cost USD')).toBe('12345678992.086419737');
    expect(notes.get('State')).toBe('not closed yet');
  });
});

describe('CSV', () => {
  test('with a decimal comma has the same amounts, a semicolon and a byte order mark', async () => {
    const plain = await readFile(file('teams.csv'), 'utf8');
    const form = parseCsvForm({ decimal: ',', separator: null, hasByteOrderMark: true });
    await chargeback(database.pool, '2026-10', folder.path, ['csv'], form);
    const german = await readFile(file('teams.csv'), 'utf8');
    expect(german.startsWith('\ufeffmonth;team;cost_centre;')).toBe(true);
    expect(german).toContain(';7,999999992;');
    const numbers = (text: string): string[] => text.match(/-?\d+[.,]\d{9}/g) ?? [];
    expect(numbers(german).map((text) => text.replace(',', '.'))).toEqual(numbers(plain));
    expect(await readFile(file('journal-entries.csv'), 'utf8')).toContain(';10,940000000;');
  });

  test('has one form of number for each column', async () => {
    await chargeback(database.pool, '2026-10', folder.path, ['csv']);
    const text = await readFile(file('lines.csv'), 'utf8');
    const decimals = [...text.matchAll(/(?<=,)-?\d+\.(\d+)(?=,|\n)/g)].map(
      ([, part]) => part?.length,
    );
    expect(new Set(decimals)).toEqual(new Set([9, 15]));
    expect(text).not.toMatch(/,[tf],/);
    expect(text).toMatch(/,false,/);
  });

  test('refuses a comma that is both decimal mark and separator', () => {
    const form = { decimal: ',', separator: ',', hasByteOrderMark: false } as const;
    expect(() => parseCsvForm(form)).toThrow(UsageError);
  });
});
