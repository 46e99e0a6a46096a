/**
 * Goal: migrations have an order that cannot go wrong: what is committed never changes, and a new one
 * has a number above all of them. Method: the list in `migrations/committed.txt` against the files.
 */
import { expect, test } from 'vitest';
import { orderDefects, readCommitted, readMigrationFiles } from '../../migrations/committed.ts';

test('the files continue the committed list, and are all in it (mend with: npm run db:snapshot)', async () => {
  const [files, committed] = [await readMigrationFiles(), await readCommitted()];
  expect(orderDefects(files, committed)).toEqual([]);
  expect([...committed.keys()]).toEqual([...files.keys()]);
});

test('a new number below the highest committed one is refused, and so are an edit and a loss', () => {
  const committed = new Map([
    ['0001_first', 'aa'],
    ['0002_second', 'bb'],
    ['0009_ninth', 'cc'],
  ]);
  const files = new Map([
    ['0001_first', 'aa'],
    ['0002_second', 'edited'],
    ['0008_between', 'dd'],
    ['0010_next', 'ee'],
  ]);
  expect(orderDefects(files, committed)).toEqual([
    '0002_second is committed and was edited: undo that, and add a migration',
    '0009_ninth is committed and has no file',
    '0008_between comes before 0009_ninth, which is committed: give it a higher number',
  ]);
});
