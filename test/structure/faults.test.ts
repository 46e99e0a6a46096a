/** Goal: the page on faults says only what is tested: each test that it names is there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

test('every row of the page on faults names a test that is in the suite', () => {
  const page = readFileSync(path.join(ROOT, 'docs/faults.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| (?!fault \|)/.test(line));
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const file = /`(test\/[a-z0-9/.-]+\.test\.ts)` \|$/.exec(row)?.[1];
    expect(file, row).toBeDefined();
    expect(existsSync(path.join(ROOT, file ?? '')), file).toBe(true);
  }
});
