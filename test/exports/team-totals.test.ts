/**
 * Goal: a team's total is the same in the CSV, on its statement, in the workbook, in the manifest and in
 * FOCUS. Method: books that are added up by hand (the figures are in `hand-books.ts`); the files are read
 * back.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportFocus } from '../../exports/focus/export-focus.ts';
import { monthRange } from '../../foundation/months.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { fileOf, readRows } from './focus/files.ts';
import { plantHandBooks } from './hand-books.ts';
import { chargeback } from './planted-books.ts';
import { unscaled } from './unscaled.ts';

const SCALE = 9;

/** In billionths: by team in USD, and what is billed by team and currency. */
const EXPECTED = {
  '2026-09': {
    reporting: { nlp: 274_000_000_000n, web: 91_000_000_000n },
    billed: {
      'nlp USD': 274_000_000_000n,
      'web EUR': 50_000_000_000n,
      'web USD': 36_000_000_000n,
    },
    printed: { nlp: '274.00', web: '91.00' },
  },
  '2026-10': {
    reporting: { nlp: 353_333_000_000n, web: 101_005_000_000n },
    billed: {
      'nlp USD': 353_333_000_000n,
      'web EUR': 50_000_000_000n,
      'web USD': 41_005_000_000n,
    },
    printed: { nlp: '353.33', web: '101.01' },
  },
} as const;
type Month = keyof typeof EXPECTED;

let database: TestDatabase;
let folder: TemporaryFolder;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  await plantHandBooks(database.pool, folder.path);
  for (const month of Object.keys(EXPECTED)) {
    await chargeback(database.pool, month, folder.path, ['csv', 'xlsx', 'html']);
  }
});

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

const fileIn = (month: Month, name: string): string =>
  path.join(folder.path, `chargeback-${month}-${name}`);

/** Sums of texts by key, in billionths. */
function sums(rows: readonly (readonly [string, string])[]): Record<string, bigint> {
  const found: Record<string, bigint> = {};
  for (const [key, amount] of rows) found[key] = (found[key] ?? 0n) + unscaled(amount, SCALE);
  return found;
}

describe.each<Month>(['2026-09', '2026-10'])('the totals of %s', (month) => {
  const { reporting, billed, printed } = EXPECTED[month];

  test.each(['lines', 'teams'])('in the CSV of %s', async (name) => {
    const rows: Record<string, string>[] = parse(await readFile(fileIn(month, `${name}.csv`)), {
      columns: true,
    });
    expect(sums(rows.map((row) => [row.team ?? '', row.reporting_cost ?? '']))).toEqual(reporting);
    expect(
      sums(rows.map((row) => [`${row.team} ${row.billing_currency}`, row.billed_cost ?? ''])),
    ).toEqual(billed);
  });

  test('on the statements, and in the manifest', async () => {
    const { statements } = JSON.parse(await readFile(fileIn(month, 'manifest.json'), 'utf8'));
    expect(
      sums(
        statements.map((row: Record<string, string>) => [row.team ?? '', row.reporting_cost ?? '']),
      ),
    ).toEqual(reporting);
    for (const { team, file } of statements) {
      const page = await readFile(path.join(folder.path, file), 'utf8');
      const total = printed[team as keyof typeof printed];
      expect(page).toContain(`<p class="total">${total} <small>USD</small></p>`);
    }
  });

  test('on the index page', async () => {
    const page = await readFile(fileIn(month, 'index.html'), 'utf8');
    for (const [team, total] of Object.entries(printed)) {
      expect(page).toMatch(
        new RegExp(
          `<bdi>${team}</bdi></a></th>(?:(?!</tr>)[\\s\\S])*<td class="n">${total}</td></tr>`,
        ),
      );
    }
  });

  test('in the workbook', async () => {
    const { sheets } = await readXlsx(await readFile(fileIn(month, 'workbook.xlsx')));
    const rows = sheets.find(({ name }) => name === 'teams')?.rows ?? [];
    const at = (name: string): number => rows[0]?.indexOf(name) ?? -1;
    const teams = rows.slice(1).filter((row) => row[at('month')] === month);
    const value = (name: string) => teams.map((row) => String(row[at(name)]));
    const keys = value('team');
    expect(sums(value('reporting_cost').map((cost, row) => [keys[row] ?? '', cost]))).toEqual(
      reporting,
    );
    const currencies = value('billing_currency');
    expect(
      sums(value('billed_cost').map((cost, row) => [`${keys[row]} ${currencies[row]}`, cost])),
    ).toEqual(billed);
  });

  test('in FOCUS', async () => {
    const target = path.join(folder.path, `focus-${month}`);
    await exportFocus(database.pool, {
      ...{ month, ...monthRange(month), version: '1.4', format: 'csv' },
      reportingCurrency: 'USD',
      folder: target,
    });
    const rows = await readRows(fileOf(target, 'cost-and-usage', month, '1.4'));
    expect(sums(rows.map((row) => [row.x_Team ?? '', row.x_ReportingCost ?? '']))).toEqual(
      reporting,
    );
    expect(
      sums(rows.map((row) => [`${row.x_Team} ${row.BillingCurrency}`, row.BilledCost ?? ''])),
    ).toEqual(billed);
  });
});
