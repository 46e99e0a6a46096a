/**
 * Goal: the conformance check sees what is wrong with files and columns, and shows what it found.
 * Method: a sound export of a small ledger, one defect planted into a copy of its files.
 */
import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkFolder } from '../../../exports/focus/check-export.ts';
import {
  DATASETS,
  datasetsOf,
  declaredColumns,
  writtenColumns,
} from '../../../exports/focus/columns.ts';
import { DATASET_NAMES, exportFocus } from '../../../exports/focus/export-focus.ts';
import { fileOf, type Row, readRows, writeRows } from './files.ts';
import { optionsOf } from './options.ts';
import { createSpoiledExport, type SpoiledExport } from './spoiled-export.ts';

const METADATA = 'focus-1.4-2026-08-csv-metadata.json';

let spoiled: SpoiledExport;

beforeAll(async () => {
  spoiled = await createSpoiledExport();
});

afterAll(() => spoiled?.close());

describe('files and columns', () => {
  test('a sound export passes, and what does not apply says why', async () => {
    const [checked] = await checkFolder(spoiled.pool, spoiled.sound);
    const states = new Set(checked?.results.map(({ state }) => state));
    expect([...states].sort()).toEqual(['not applicable', 'pass']);
    expect(checked?.results.find(({ id }) => id === 'CostAndUsage-SubAccountId-present')).toEqual({
      id: 'CostAndUsage-SubAccountId-present',
      says: 'SubAccountId is there (conditional)',
      state: 'not applicable',
      offenders: 0,
      examples: ['no provider reports sub-accounts'],
    });
  });

  test('a failing rule shows its first rows', async () => {
    const failed = await spoiled.failures(async () => {
      const rows = await readRows(fileOf(spoiled.planted, 'cost-and-usage'));
      for (const row of rows) row.ChargeFrequency = 'Daily';
      await writeRows(fileOf(spoiled.planted, 'cost-and-usage'), rows);
    });
    const rule = failed.find(({ id }) => id === 'CostAndUsage-ChargeFrequency-values');
    expect(rule?.offenders).toBe(8);
    expect(rule?.examples).toHaveLength(3);
    expect(rule?.examples[0]).toBe('row 1: ChargeFrequency=Daily');
  });

  test('a row written twice, a line listed twice', async () => {
    const twice = (rows: Row[]): Row[] => [...rows, ...rows.slice(0, 1)];
    expect(await spoiled.failuresWith('cost-and-usage', twice)).toContain(
      'CostAndUsage-no-duplicates',
    );
    expect(await spoiled.failuresWith('invoice-detail', twice)).toContain('InvoiceDetail-unique');
  });

  test('columns that are missing, unknown, misnamed or out of order', async () => {
    const failed = await spoiled.failuresWith('cost-and-usage', (rows) =>
      rows.map(({ BilledCost: _, ...row }) => ({ ...row, Mood: 'good', x_mood: 'good' })),
    );
    expect(failed).toEqual(
      expect.arrayContaining([
        'CostAndUsage-BilledCost-present',
        'CostAndUsage-columns-known',
        'CostAndUsage-columns-named',
        'CostAndUsage-columns-order',
      ]),
    );
  });

  test('a column that occurs twice', async () => {
    const failed = await spoiled.failures(async () => {
      const file = fileOf(spoiled.planted, 'billing-period');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace('BillingPeriodEnd', 'BillingPeriodStart'));
    });
    expect(failed.map(({ id }) => id)).toContain('BillingPeriod-file');
  });

  test.each([
    ['texts', { type: 'STRING' }, 'BillingPeriodCreated is stored as text'],
    [
      'local time',
      {
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' },
      },
      'BillingPeriodCreated is stored as TIMESTAMP_MILLIS',
    ],
  ] as const)('a Parquet file that stores instants as %s', async (_, stored, example) => {
    const folder = path.join(spoiled.folder, 'parquet');
    const options = optionsOf(folder, '1.4', 'parquet');
    const { files } = await exportFocus(spoiled.pool, options);
    const name = files.find(({ dataset }) => dataset === 'BillingPeriod')?.name ?? '';
    const rows = await readRows(fileOf(spoiled.sound, 'billing-period'));
    const isInstant = (column: string): boolean => /Created|Updated|Start|End$/.test(column);
    const columns = Object.keys(rows[0] ?? {});
    parquetWriteFile({
      filename: path.join(folder, name),
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(
          (column): SchemaElement => ({
            name: column,
            repetition_type: 'REQUIRED',
            ...(isInstant(column) && stored.type === 'INT64'
              ? stored
              : { type: 'BYTE_ARRAY', converted_type: 'UTF8' }),
          }),
        ),
      ],
      columnData: columns.map((column) => ({
        name: column,
        data: rows.map((row) =>
          isInstant(column) && stored.type === 'INT64' ? new Date(row[column] ?? '') : row[column],
        ),
      })),
    });
    const [checked] = await checkFolder(spoiled.pool, folder);
    const rule = checked?.results.find(({ id }) => id === 'BillingPeriod-columns-stored');
    expect(rule?.state).toBe('fail');
    expect(rule?.examples[0]).toBe(example);
  });

  test('a file that is gone, cut off, or not what the metadata says', async () => {
    const file = (): string => fileOf(spoiled.planted, 'cost-and-usage');
    const gone = await spoiled.failures(() => rm(file()));
    expect(gone.map(({ id }) => id)).toEqual(['CostAndUsage-file']);
    const cut = await spoiled.failures(() => appendFile(file(), '1,2\n'));
    expect(cut[0]?.examples).toEqual(['missing data for column "AllocatedResourceId"']);
    const longer = await spoiled.failures(() => appendFile(file(), ''));
    expect(longer).toEqual([]);
    const other = await spoiled.failuresWith('cost-and-usage', (rows) => rows.slice(1));
    expect(other).toContain('CostAndUsage-unchanged');
  });

  test('metadata without a known version, and a folder without an export, are one clear line', async () => {
    await rm(spoiled.planted, { recursive: true, force: true });
    await cp(spoiled.sound, spoiled.planted, { recursive: true });
    for (const [text, line] of [
      [
        '{"x_Export": {"month": "2026-08", "version": "0.9"}}',
        'describes no export: x_Export.version',
      ],
      ['{"x_Export"', 'describes no export: it is no JSON'],
    ] as const) {
      await writeFile(path.join(spoiled.planted, METADATA), text);
      await expect(checkFolder(spoiled.pool, spoiled.planted)).rejects.toThrow(line);
    }
    await expect(checkFolder(spoiled.pool, spoiled.folder)).rejects.toThrow(
      'holds no FOCUS export',
    );
    await expect(checkFolder(spoiled.pool, `${spoiled.planted}/nowhere`)).rejects.toThrow(
      'cannot read the folder',
    );
  });
});

describe('a version is data', () => {
  test('each has the columns of its standard', () => {
    const counts = (['1.2', '1.3', '1.4', '1.5-preview'] as const).map((version) =>
      DATASETS.map(
        (dataset) =>
          declaredColumns(dataset, version).filter(({ level }) => level !== 'Custom').length,
      ),
    );
    expect(counts).toEqual([
      [57, 0, 0, 0, 0],
      [65, 0, 0, 13, 0],
      [65, 22, 6, 30, 0],
      [65, 22, 6, 30, 24],
    ]);
  });

  test('no mandatory column is left out, and the file has exactly the declared ones', async () => {
    for (const dataset of datasetsOf('1.4')) {
      const written = writtenColumns(dataset, '1.4').map(({ name }) => name);
      const left = declaredColumns(dataset, '1.4').filter(({ name }) => !written.includes(name));
      expect(left.filter(({ level }) => level === 'Mandatory')).toEqual([]);
      const [row] = await readRows(fileOf(spoiled.sound, DATASET_NAMES[dataset]));
      expect(Object.keys(row ?? {})).toEqual(written);
    }
  });
});
