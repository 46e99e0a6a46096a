/**
 * Goal: Parquet gives the texts that the same rows have in CSV. Method: a file of a real writer,
 * read by ours; decimals come back with our own export (transforms/focus/round-trip.test.ts).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { expect, onTestFinished, test } from 'vitest';
import { FILE_LIMITS } from '../../../collectors/files/file-source.ts';
import { readFileRows } from '../../../collectors/files/read-file.ts';

function fileIn(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'meterhouse-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'rows.parquet');
}

async function cellsOf(file: string): Promise<(readonly string[])[]> {
  const { columns, rows } = await readFileRows(file, FILE_LIMITS);
  const cells = [columns];
  for await (const batch of rows) cells.push(...batch.map((row) => row.cells));
  return cells;
}

test('texts, numbers, instants, tags and nothing', async () => {
  const filename = fileIn();
  parquetWriteFile({
    filename,
    columnData: [
      { name: 'SkuId', data: ['a', null], type: 'STRING' },
      { name: 'BilledCost', data: [0.1, 1e-7], type: 'DOUBLE' },
      { name: 'Count', data: [9007199254740993n, -1n], type: 'INT64' },
      {
        name: 'ChargePeriodStart',
        data: [new Date('2026-09-01T00:00:00Z'), new Date('2026-09-02T00:00:00Z')],
        type: 'TIMESTAMP',
      },
      { name: 'Tags', data: [{ team: 'nlp' }, null], type: 'JSON' },
    ],
  });
  expect(await cellsOf(filename)).toEqual([
    ['SkuId', 'BilledCost', 'Count', 'ChargePeriodStart', 'Tags'],
    ['a', '0.1', '9007199254740993', '2026-09-01T00:00:00.000Z', '{"team":"nlp"}'],
    ['', '1e-7', '-1', '2026-09-02T00:00:00.000Z', ''],
  ]);
});
