/**
 * Goal: the first page of a month leads to everything, adds up, and runs nothing that a name brings
 * along. Method: planted books whose teams and resources have hostile names.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { chargeback, plantBooks } from './planted-books.ts';

let database: TestDatabase;
let folder: TemporaryFolder;
let page: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  await plantBooks(database.pool, folder.path);
  const { indexFile } = await chargeback(database.pool, '2026-10', folder.path);
  expect(indexFile).toBe(path.join(folder.path, 'chargeback-2026-10-index.html'));
  page = await readFile(indexFile ?? '', 'utf8');
});

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

test('links every file of the month by its name, and nothing else', async () => {
  const names = (await readdir(folder.path)).filter(
    (name) => name.startsWith('chargeback-') && !name.endsWith('-index.html'),
  );
  const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, link]) => link);
  expect(new Set(links)).toEqual(new Set(names));
});

test('loads nothing and runs nothing', () => {
  expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|url\(|@import|src\s*=/i);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).toContain('<bdi>=HYPERLINK(&quot;http://evil&quot;,&quot;x&quot;)</bdi>');
});

test('has each team with its share, the most expensive first, and totals', () => {
  const rows = [...page.matchAll(/<tr[^>]*><th scope="row">(.*?)<\/th>(.*?)<\/tr>/gs)].map(
    ([, name = '', cells = '']) =>
      [name, ...[...cells.matchAll(/<td class="n">(.*?)<\/td>/gs)].map(([, cell]) => cell)].map(
        (cell) => cell?.replaceAll(/<[^>]*>/g, ''),
      ),
  );
  // USD 12345678992.086419737, and EUR at the rates of the days: 9.33359999 + 2.94 × 1.1634.
  expect(rows.filter(([, share]) => share?.endsWith('%'))).toEqual([
    ['nlp', '100.0%', '12,345,678,966.25'],
    ['web', '0.0%', '42.67'],
    ['=HYPERLINK(&quot;http://evil&quot;,&quot;x&quot;)', '0.0%', '3.42'],
    ['../../etc', '0.0%', '0.00'],
    ['NLP', '0.0%', '-7.50'],
    ['All teams', '100.0%', '12,345,679,004.84'],
  ]);
  expect(rows).toContainEqual(['All in EUR', '10.94 EUR', '12.75']);
  expect(rows).toContainEqual(['All in USD', '12,345,678,992.09 USD', '12,345,678,992.09']);
});

test('each table has a caption, and each head says of what', () => {
  const tables = page.match(/<table/g)?.length;
  expect(page.match(/<table><caption>[^<]+<\/caption>/g)).toHaveLength(tables ?? 0);
  expect(page.match(/<th(?! scope="(col|row)")[ >]/g)).toBeNull();
});
