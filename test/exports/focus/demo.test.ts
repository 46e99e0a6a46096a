/**
 * Goal: what a person exports who tries Meterhouse out passes the check: a month that was closed and
 * corrected, and the open one. Method: the demo's warehouse, every version of FOCUS.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFolder } from '../../../exports/focus/check-export.ts';
import { FOCUS_VERSIONS } from '../../../exports/focus/columns.ts';
import { exportFocus } from '../../../exports/focus/export-focus.ts';
import { createDemoWarehouse } from '../../dashboards/demo-warehouse.ts';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { optionsOf } from './options.ts';

let database: TestDatabase;
let folder: TemporaryFolder;

beforeAll(async () => {
  database = await createDemoWarehouse();
  folder = await createFolder();
}, 600_000);

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

test('every version of both months passes its own check', async () => {
  for (const version of FOCUS_VERSIONS) {
    for (const month of ['2026-08', '2026-09'] as const) {
      await exportFocus(database.pool, optionsOf(folder.path, version, 'csv', month));
    }
  }
  const checked = await checkFolder(database.pool, folder.path);
  expect(checked).toHaveLength(2 * FOCUS_VERSIONS.length);
  for (const { metadataFile, results } of checked) {
    const failed = results.filter(({ state }) => state === 'fail');
    expect(failed, metadataFile).toEqual([]);
  }
});
