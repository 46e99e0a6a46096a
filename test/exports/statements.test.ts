/**
 * Goal: a statement needs nothing but itself, shows what is charged, and runs nothing that a name
 * brings along. Method: planted books whose teams and resources have hostile names.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { monthRange } from '../../foundation/months.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { closeAt, plant, transformAt } from '../support/planted-product.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { chargeback, plantBooks } from './planted-books.ts';

let database: TestDatabase;
let folder: TemporaryFolder;
let pages: Map<string, string>;

async function read(month: string): Promise<Map<string, string>> {
  const names = (await readdir(folder.path)).filter((name) => name.includes(month)).sort();
  const text = async (name: string) =>
    [name, await readFile(path.join(folder.path, name), 'latin1')] as const;
  return new Map(await Promise.all(names.map(text)));
}

const pageOf = (slug: string): string =>
  [...pages].find(([name]) => name.includes(`-team-${slug}`))?.[1] ?? '';

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  await plantBooks(database.pool, folder.path);
  await chargeback(database.pool, '2026-10', folder.path, ['html']);
  pages = await read('2026-10-team');
});

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

test('there is one page per team, under a safe name', () => {
  expect([...pages.keys()]).toEqual([
    'chargeback-2026-10-team-etc-74ccf3c5b4.html',
    'chargeback-2026-10-team-hyperlink-http-evil-x-929bdc8e10.html',
    'chargeback-2026-10-team-nlp-46fb078d98.html',
    'chargeback-2026-10-team-nlp-b3782288b3.html',
    'chargeback-2026-10-team-web-4b5e57f6eb.html',
  ]);
});

test('pages load nothing, run nothing and draw their charts inline', () => {
  for (const page of pages.values()) {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|url\(|@import|(src|href)\s*=/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page.match(/<svg/g)?.length).toBeGreaterThan(1);
  }
  expect(pageOf('etc')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(pageOf('hyperlink')).toContain(
    '<h1><bdi>=HYPERLINK(&quot;http://evil&quot;,&quot;x&quot;)</bdi></h1>',
  );
});

test('a page has totals, shares, unused commitment, corrections and rates', () => {
  const page = pageOf('nlp-46fb');
  for (const part of [
    '12,345,678,966.25 <small>USD</small>',
    'share of a common cost',
    'by shared:network',
    'unused commitment',
    'corrects 2026-09',
    '493827156.163457',
    'Not closed yet',
  ]) {
    expect(page).toContain(part);
  }
  expect(pageOf('web')).toContain('>1.17 USD</td>\n<td data-label="From">2026-10-12</td>');
});

test('lines beyond the first 250 are summed, so that the page adds up', async () => {
  await plant(
    database.pool,
    Array.from({ length: 260 }, (_, index) => ({
      key: `planted/many-${index}`,
      resource: `many-${index}`,
      start: '2026-11-02T00:00:00Z',
      end: '2026-11-02T01:00:00Z',
      quantity: '1',
      price: '3',
    })),
  );
  await transformAt(database.pool, '2026-11-03T00:00:00Z');
  await chargeback(database.pool, '2026-11', folder.path, ['html']);
  const page = [...(await read('2026-11-team')).values()].join('');
  expect(page).toContain(
    '10 further lines, in the lines file</th><td class="n" data-label="Cost">30.00 USD</td>',
  );
  expect(page.match(/server-hours/g)).toHaveLength(250);
});

test('the files of a closed month are the same bytes after everything has changed', async () => {
  await closeAt(database.pool, '2026-11-04T00:00:00Z', monthRange('2026-10'));
  await chargeback(database.pool, '2026-10', folder.path);
  const sealed = await read('2026-10');
  await plant(database.pool, [
    {
      key: 'planted/site/2026-10-12',
      resource: 'site',
      start: '2026-10-12T00:00:00Z',
      end: '2026-10-12T12:00:00Z',
      quantity: '12',
      price: '9',
      currency: 'EUR',
    },
  ]);
  await transformAt(database.pool, '2026-11-05T00:00:00Z', [
    { base: 'EUR', day: '2026-01-01', rate: '2' },
  ]);
  await chargeback(database.pool, '2026-10', folder.path);
  const again = await read('2026-10');
  expect([...again.keys()]).toEqual([...sealed.keys()]);
  for (const [name, bytes] of again) expect(bytes, name).toBe(sealed.get(name));
});
