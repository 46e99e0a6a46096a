/**
 * Goal: a statement's tables add up to its total, it says why the total is another one than a month ago, and
 * who sends it. Method: books that are added up by hand; the pages' tables are read back.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Knowledge } from '../../app/knowledge.ts';
import { StatementSchema } from '../../exports/chargeback/statement-settings.ts';
import { writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import { monthBefore, monthRange } from '../../foundation/months.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { plantHandBooks } from './hand-books.ts';

const NAMES = { nlp: 'nlp-46fb078d98', web: 'web-4b5e57f6eb' } as const;

let database: TestDatabase;
let folder: TemporaryFolder;
let nlp: string;
let web: string;

async function pageOf(team: keyof typeof NAMES, month: string): Promise<string> {
  return readFile(path.join(folder.path, `chargeback-${month}-team-${NAMES[team]}.html`), 'utf8');
}

/** As known at an instant; null is now. */
async function write(month: string, asOf: string | null = null): Promise<void> {
  const asOfMs = asOf === null ? null : Date.parse(asOf);
  const knowledge = await Knowledge.of(asOfMs, monthRange(month));
  const before = await Knowledge.of(asOfMs, monthRange(monthBefore(month)));
  await writeChargeback(database.pool, {
    month,
    folder: folder.path,
    reportingCurrency: 'USD',
    formats: ['html'],
    statements: StatementSchema.parse({
      sender: ['Example BV', 'Cloud Finance'],
      contact: 'finops@example.com',
    }),
    resolve: (text) => knowledge.resolve(text),
    resolveBefore: (text) => before.resolve(text),
  });
}

/** The cells of the rows of the table under a heading, as texts; empty cells left out. */
function rowsUnder(page: string, heading: string): string[][] {
  const section = page.split('<h2>').find((part) => part.startsWith(`${heading}</h2>`)) ?? '';
  const body = /<tbody>(.*?)<\/tbody>/s.exec(section)?.[1] ?? '';
  return [...body.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)]
      .map(([, cell = '']) =>
        cell
          .replaceAll(/<[^>]*>/g, ' ')
          .replaceAll(/\s+/g, ' ')
          .trim(),
      )
      .filter((cell) => cell !== ''),
  );
}

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  await plantHandBooks(database.pool, folder.path);
  await write('2026-10');
  [nlp, web] = [await pageOf('nlp', '2026-10'), await pageOf('web', '2026-10')];
});

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

describe('the tables of a statement add up to its total', () => {
  test('in the reporting currency first, then in each currency', () => {
    expect(rowsUnder(web, 'Total')).toEqual([
      ['Total', '101.01'],
      ['Billed in EUR', '50.00 EUR', '60.00'],
      ['Billed in USD', '41.01 USD', '41.01'],
    ]);
    expect(rowsUnder(nlp, 'Total')).toEqual([['Total', '353.33']]);
  });

  test('by cost centre, with its name and what is included', () => {
    expect(rowsUnder(web, 'By cost centre')).toEqual([
      ['20 Web shop', '50.00 EUR', '60.00'],
      ['20 Web shop', '40.00', '41.01 USD', '41.01'],
      ['All cost centres', '101.01'],
    ]);
    expect(rowsUnder(nlp, 'By cost centre')).toEqual([
      ['10 Research', '60.00', '-10.00', '353.33 USD', '353.33'],
      ['All cost centres', '353.33 USD', '353.33'],
    ]);
  });

  test('by line, with cents for those that lost most', () => {
    const costs = rowsUnder(web, 'Lines').map((cells) => [cells[0], ...cells.slice(1).slice(-2)]);
    // 3 × 0.335 = 1.005, which is 1.01
    expect(costs).toEqual([
      ['vm-1', '50.00 EUR', '60.00'],
      ['shared-network network', '40.00 USD', '40.00'],
      ['a', '0.34 USD', '0.34'],
      ['b', '0.34 USD', '0.34'],
      ['c', '0.33 USD', '0.33'],
      ['All lines', '101.01'],
    ]);
  });

  test('with corrections of earlier months apart', () => {
    expect(rowsUnder(nlp, 'Lines').at(-1)).toEqual(['All lines', '363.33 USD', '363.33']);
    const corrections = rowsUnder(nlp, 'Corrections').map((cells) => [cells[0], cells.at(-1)]);
    expect(corrections).toEqual([
      ['gpu-1', '-10.00'],
      ['All lines', '-10.00'],
    ]);
    expect(web).not.toContain('<h2>Corrections</h2>');
  });
});

describe('what changed since last month', () => {
  test('names the five largest reasons, and sums the others', () => {
    expect(rowsUnder(nlp, 'What changed since 2026-09')).toEqual([
      ['Total of 2026-09', '274.00'],
      ['Price of Planted : 2.5 instead of 2 USD (Hours) server-hours', '+60.00'],
      ['gpu-1 : 120 instead of 100 Hours server-hours', '+40.00'],
      ['gpu-2 ended', '-20.00'],
      ['Corrections of earlier months', '-10.00'],
      ['Share of shared:network : 60% of 100.00 instead of 60% of 90.00', '+6.00'],
      ['1 other reason', '+3.33'],
      ['Total of this statement', '353.33'],
    ]);
    expect(rowsUnder(web, 'What changed since 2026-09')).toEqual([
      ['Total of 2026-09', '91.00'],
      ['Exchange rate: 1 EUR cost 1.2 instead of 1.1 USD', '+5.00'],
      ['Share of shared:network : 40% of 100.00 instead of 40% of 90.00', '+4.00'],
      ['a is new', '+0.34'],
      ['b is new', '+0.34'],
      ['c is new', '+0.33'],
      ['Total of this statement', '101.01'],
    ]);
  });

  test('is the same as known at the close of the month', async () => {
    await write('2026-10', '2026-11-03T00:00:00Z');
    expect(await pageOf('nlp', '2026-10')).toBe(nlp);
  });

  test('is left out where there is no month to compare with', async () => {
    await write('2026-09');
    expect(await pageOf('web', '2026-09')).toContain(
      'There is no statement of this team in USD for 2026-08.',
    );
  });
});

test('a statement names its number, period, sender, contact and exchange rates', () => {
  expect(nlp).toContain('<dd>ST-202610-46fb078d</dd>');
  expect(nlp).toContain('<dd>2026-10-01 to 2026-10-31 (UTC days)</dd>');
  expect(nlp).toContain('<dd><div>Example BV</div><div>Cloud Finance</div></dd>');
  expect(nlp).toContain('<dd>finops@example.com</dd>');
  expect(rowsUnder(web, 'Exchange rates')).toEqual([['1 EUR', '1.2 USD', '2026-10-01', 'test']]);
  expect(nlp).not.toContain('Exchange rates');
});

test('every table has a caption and every head of a column or row says which', () => {
  for (const page of [nlp, web]) {
    const tables = page.match(/<table/g)?.length ?? 0;
    expect(tables).toBeGreaterThan(4);
    expect(page.match(/<table[^>]*><caption>[^<]+<\/caption>/g)).toHaveLength(tables);
    expect(page.match(/<th(?! scope="(col|row)")[ >]/g)).toBeNull();
  }
});

test('a printed page has the number of the statement and of the page', () => {
  expect(nlp).toContain('@bottom-left { content: "Statement ST-202610-46fb078d";');
  expect(nlp).toContain('@bottom-right { content: counter(page) " / " counter(pages);');
});
