/** Goal: files that are replaced together are one delivery. Method: paths as the clouds export them. */
import { expect, test } from 'vitest';
import { deliveriesOf } from '../../../collectors/files/deliveries.ts';
import type { ListedFile } from '../../../collectors/files/file-source.ts';
import { costAndUsage } from '../../../collectors/focus/cost-and-usage.ts';

function grouped(...files: readonly (string | readonly [string, number])[]): unknown {
  const listed = files.map((file): ListedFile => {
    const [path, modifiedMs] = typeof file === 'string' ? [file, 0] : file;
    return { path, modifiedMs, mark: '1', fault: null };
  });
  return deliveriesOf(listed, costAndUsage.files).map(({ name, files: of }) => [
    name,
    of.map(({ path }) => path),
  ]);
}

test('a month in the path names the delivery', () => {
  expect(
    grouped(
      'focus-2026-09-part-2.csv.gz',
      'focus-2026-09-part-1.csv.gz',
      'focus-2026-10.csv.gz',
      'aws/data/BILLING_PERIOD=2026-09/a.csv.gz',
      'aws/data/BILLING_PERIOD=2026-09/b.csv.gz',
      'azure/20260901-20260930/part_0_0001.csv',
      'latest.csv',
    ),
  ).toEqual([
    [
      'aws/data/BILLING_PERIOD=2026-09',
      ['aws/data/BILLING_PERIOD=2026-09/a.csv.gz', 'aws/data/BILLING_PERIOD=2026-09/b.csv.gz'],
    ],
    ['azure/20260901-20260930', ['azure/20260901-20260930/part_0_0001.csv']],
    ['focus-2026-09', ['focus-2026-09-part-1.csv.gz', 'focus-2026-09-part-2.csv.gz']],
    ['focus-2026-10', ['focus-2026-10.csv.gz']],
    ['latest.csv', ['latest.csv']],
  ]);
});

test('of the runs that an export keeps, the newest counts', () => {
  const [older, newer] = [
    '6f1e0000-0000-4000-8000-000000000001',
    '12340000-0000-4000-8000-000000000002',
  ];
  expect(
    grouped(
      [`20260901-20260930/${older}/part_0.csv`, 1],
      [`20260901-20260930/${newer}/part_0.csv`, 2],
      [`20260901-20260930/${newer}/part_1.csv`, 2],
    ),
  ).toEqual([
    [
      '20260901-20260930',
      [`20260901-20260930/${newer}/part_0.csv`, `20260901-20260930/${newer}/part_1.csv`],
    ],
  ]);
});

test('a delivery in two formats is read once', () => {
  expect(grouped('f-2026-09.parquet', 'f-2026-09.csv')).toEqual([['f-2026-09', ['f-2026-09.csv']]]);
});
