/** Goal: cells come out as they were written, however the text is cut into pieces. */
import { expect, test } from 'vitest';
import { CsvSplitter, FileFault } from '../../../collectors/files/csv-splitter.ts';

const TEXT = 'a,b\r\n1,"x, ""y""\nz"\r\n\r\n,\n"",\n3,4';
const ROWS = [
  { line: 1, cells: ['a', 'b'], fault: null },
  { line: 2, cells: ['1', 'x, "y"\nz'], fault: null },
  { line: 5, cells: ['', ''], fault: null },
  { line: 6, cells: ['', ''], fault: null },
  { line: 7, cells: ['3', '4'], fault: null },
];

test.each([1, 2, 3, 5, 1_000])('splits quoted cells in pieces of %d characters', (size) => {
  const splitter = new CsvSplitter(1_000);
  const rows = [];
  for (let at = 0; at < TEXT.length; at += size) {
    rows.push(...splitter.push(TEXT.slice(at, at + size)));
  }
  rows.push(...splitter.end());
  expect(rows).toEqual(ROWS);
});

test('names the line of a quote that is not closed', () => {
  const splitter = new CsvSplitter(1_000);
  expect(splitter.push('a\n"b\nc,\n')).toEqual([{ line: 1, cells: ['a'], fault: null }]);
  expect(() => splitter.end()).toThrow(
    new FileFault('line 2: a quote that is not closed: the file is cut'),
  );
});

test('refuses a record beyond the limit', () => {
  const splitter = new CsvSplitter(10);
  expect(() => splitter.push('a\n"bbbbbbbbbbbb')).toThrow(
    'line 2: a record of more than 10 characters, or a quote that is not closed',
  );
});

test('says of text behind a closing quote that it is wrong', () => {
  expect(new CsvSplitter(100).push('"a"b,c\n')).toEqual([
    { line: 1, cells: ['a', 'c'], fault: 'text follows a closing quote in cell 1' },
  ]);
});
