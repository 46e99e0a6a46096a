/**
 * Goal: Arrow and Parquet hold exactly what PostgreSQL says, whatever its size, sign and place in a
 * batch. Method: write literal and generated rows, read them back with independent readers.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { BinaryRows } from '../../exports/formats/binary-rows.ts';
import type { Column } from '../../exports/formats/column.ts';
import { writeArrow } from '../../exports/formats/write-arrow.ts';
import { writeParquet } from '../../exports/formats/write-parquet.ts';
import { temporaryFolder } from '../support/cli.ts';
import { testDatabase } from '../support/postgres.ts';
import { arrowRows, parquetRows } from './read-columns.ts';

const COLUMNS: readonly Column[] = [
  { name: 'number', kind: 'integer', meaning: 'number of the row' },
  { name: 'amount', kind: 'amount', meaning: 'nine places' },
  { name: 'price', kind: 'price', meaning: 'fifteen places' },
  { name: 'label', kind: 'text', meaning: 'any text' },
  { name: 'day', kind: 'date', meaning: 'a day' },
  { name: 'is_odd', kind: 'boolean', meaning: 'odd or not' },
];

/** Around the edges of digit groups, of 2^32 and 2^53 units, and of the type. */
const EDGES = [
  '0',
  '0.000000001',
  '-0.000000001',
  '0.0001',
  '0.00010001',
  '9999',
  '10000',
  '4.294967295',
  '4.294967296',
  '-4.294967296',
  '9007199.254740991',
  '9007199.254740992',
  '-9007199.254740993',
  '123456789012345678901.5',
  '-99999999999999999999.999999999',
];

async function bothFormats(from: string): Promise<Record<string, unknown>[][]> {
  const { pool } = await testDatabase();
  const folder = await temporaryFolder();
  const connection = await pool.connect();
  const [arrow, parquet] = [path.join(folder, 'a.arrow'), path.join(folder, 'a.parquet')];
  await writeArrow(connection, COLUMNS, from, arrow);
  await writeParquet(connection, COLUMNS, from, parquet);
  connection.release();
  return [
    arrowRows(tableFromIPC(await readFile(arrow))),
    await parquetRows(await readFile(parquet)),
  ];
}

test('decimals are exact, at the edges and in between', async () => {
  const units = fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n });
  const random = fc.sample(units, { numRuns: 300, seed: 7 });
  const amounts = [
    ...EDGES,
    ...random.map(
      (value) =>
        `${value / 10n ** 9n}.${String(value % 10n ** 9n)
          .replace('-', '')
          .padStart(9, '0')}`,
    ),
    ...random.map((value) => String(value / 10n ** 20n)),
  ];
  const values = amounts.map((amount, index) => `(${index}, '${amount}')`).join(', ');
  const from = `from (
    select number, amount::numeric(38, 9) as amount, trunc(amount::numeric / 10000000, 15) as price,
      null::text as label, null::date as day, null::boolean as is_odd
    from (values ${values}) as value (number, amount)
  ) as row order by number`;
  const { pool } = await testDatabase();
  const { rows: expected } = await pool.query(
    `select number, trim_scale(amount)::text as amount, trim_scale(price)::text as price, label, day,
       is_odd ${from}`,
  );
  const [arrow, parquet] = await bothFormats(from);
  expect(arrow).toEqual(expected);
  expect(parquet).toEqual(expected);
});

test('rows keep their values and nulls over batches', async () => {
  const from = `from (
    select number, number * 1.000000001 as amount, case when number % 3 > 0 then number / 8.0 end as price,
      case when number % 5 > 0 then repeat('\u00e9\u20ac', number % 30) || number end as label,
      case when number % 7 > 0 then date '1969-12-30' + number end as day,
      case when number % 11 > 0 then number % 2 = 1 end as is_odd
    from generate_series(1, 20000) as number
  ) as row order by number`;
  const { pool } = await testDatabase();
  const { rows: expected } = await pool.query(
    `select number, trim_scale(amount)::text as amount, trim_scale(price)::text as price, label, day,
       is_odd ${from}`,
  );
  const [arrow, parquet] = await bothFormats(from);
  expect(arrow).toEqual(expected);
  expect(parquet).toEqual(expected);
});

test('a table without rows is a file with its columns', async () => {
  const from = `from (select 1 as number, 0.0 as amount, 0.0 as price, '' as label,
    date '2026-10-01' as day, true as is_odd) as row where false`;
  const { pool } = await testDatabase();
  const file = path.join(await temporaryFolder(), 'empty.arrow');
  const connection = await pool.connect();
  await writeArrow(connection, COLUMNS, from, file);
  connection.release();
  expect(tableFromIPC(await readFile(file)).schema.fields).toHaveLength(COLUMNS.length);
  expect(await bothFormats(from)).toEqual([[], []]);
});

test('what has too many places is refused, never rounded', async () => {
  const { pool } = await testDatabase();
  const folder = await temporaryFolder();
  const nan = `from (select 1 as number, 'NaN'::numeric as amount, 0 as price, '' as label,
    current_date as day, true as is_odd) as row`;
  const connection = await pool.connect();
  const written = writeArrow(connection, COLUMNS, nan, path.join(folder, 'a.arrow'));
  await expect(written).rejects.toThrow('not a finite number');
  connection.release(true);
});

describe('binary rows', () => {
  let bytes: Buffer;

  beforeAll(() => {
    const row = Buffer.from([0, 2, 0, 0, 0, 1, 65, 255, 255, 255, 255]);
    bytes = Buffer.concat([Buffer.alloc(19), row, row, Buffer.from([255, 255])]);
  });

  test('are found wherever the chunks break', () => {
    for (let size = 1; size <= bytes.length; size += 1) {
      const rows = new BinaryRows(2);
      const found: unknown[] = [];
      for (let start = 0; start < bytes.length; start += size) {
        rows.push(bytes.subarray(start, start + size));
        while (rows.next()) found.push([rows.bytes[rows.starts[0] ?? 0], [...rows.lengths]]);
      }
      expect(found).toEqual([
        [65, [1, -1]],
        [65, [1, -1]],
      ]);
      expect(rows.isOver).toBe(true);
    }
  });
});
