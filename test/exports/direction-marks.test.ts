/**
 * Goal: a name cannot turn what a reader sees beside it, in any file that people open; files for programs
 * keep it. Method: a resource with marks of direction in its name, and bytes that are cut anywhere.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ShownBytes } from '../../exports/formats/shown-bytes.ts';
import { temporaryFolder } from '../support/cli.ts';
import {
  createPlantedProduct,
  plant,
  plantResource,
  transformAt,
} from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';
import { chargeback } from './planted-books.ts';

const NAME = 'invoice\u202e00.9\u202c \u2066x\u2069\u061c\u200f';
const SHOWN = 'invoice\\u202e00.9\\u202c \\u2066x\\u2069\\u061c\\u200f';
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Texts of a workbook: its parts are compressed one by one. */
function unzipped(bytes: Buffer): string {
  const texts: string[] = [];
  for (let at = bytes.indexOf('PK\u0003\u0004'); at >= 0; ) {
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const isDeflated = bytes.readUInt16LE(at + 8) === 8;
    if (isDeflated) texts.push(inflateRawSync(bytes.subarray(start)).toString('utf8'));
    at = bytes.indexOf('PK\u0003\u0004', at + 4);
  }
  return texts.join('\n');
}

test('marks are codes where people read, and themselves where programs do', async () => {
  const { pool } = await testDatabase();
  const folder = await temporaryFolder();
  await createPlantedProduct(pool);
  await plantResource(pool, 'vm', { name: NAME, tags: [`team:${NAME}`] });
  await plant(pool, [
    {
      key: 'planted/vm',
      resource: 'vm',
      start: '2026-10-05T00:00:00Z',
      end: '2026-10-05T12:00:00Z',
      quantity: '12',
      price: '1',
    },
  ]);
  await transformAt(pool, '2026-10-25T00:00:00Z');
  await chargeback(pool, '2026-10', folder);
  const names = await readdir(folder);
  const readable = names.filter((name) => /\.(html|csv)$/.test(name));
  expect(readable).toHaveLength(6);
  for (const name of readable) {
    const text = await readFile(path.join(folder, name), 'utf8');
    expect(text, name).not.toMatch(MARKS);
    expect(text, name).toContain(SHOWN);
  }
  const workbook = unzipped(await readFile(path.join(folder, 'chargeback-2026-10-workbook.xlsx')));
  expect(workbook).not.toMatch(MARKS);
  expect(workbook).toContain(SHOWN);
  const { lines } = JSON.parse(
    await readFile(path.join(folder, 'chargeback-2026-10-lines.json'), 'utf8'),
  );
  expect(lines[0].resource_name).toBe(NAME);
});

test('bytes that are cut inside a character come out whole', () => {
  const text = `a\u202eb\u00e9\u4e2d\ud83d\ude00\u061c"x",\u2019`;
  const bytes = Buffer.from(text);
  for (let size = 1; size <= bytes.length; size += 1) {
    const shown = new ShownBytes();
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      parts.push(shown.pass(bytes.subarray(at, at + size)));
    }
    expect(Buffer.concat(parts).toString('utf8')).toBe(
      `a\\u202eb\u00e9\u4e2d\ud83d\ude00\\u061c"x",\u2019`,
    );
  }
});
