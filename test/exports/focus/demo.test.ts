/**
 * Goal: what a person exports who tries Meterhouse out passes the check: a month that was closed and
 * corrected, and the open one. Method: the demo's warehouse.
 */
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFolder } from '../../../exports/focus/check-export.ts';
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

const MONTHS = ['2026-08', '2026-09'] as const;

// The preview has every dataset and column of 1.4; 1.2 and 1.3 have fewer (command.test.ts).
test.each(MONTHS)('%s passes its own check, prices included', async (month) => {
  const target = path.join(folder.path, month);
  await exportFocus(database.pool, optionsOf(target, '1.5-preview', 'csv', month));
  const [checked, ...others] = await checkFolder(database.pool, target);
  expect(others).toEqual([]);
  expect(checked?.results.filter(({ state }) => state === 'fail')).toEqual([]);
});
