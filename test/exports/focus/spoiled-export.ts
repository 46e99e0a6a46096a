/** A sound export of the small ledger, and copies of it with one defect planted. */
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { checkFolder } from '../../../exports/focus/check-export.ts';
import type { RuleResult } from '../../../exports/focus/check-rule.ts';
import { exportFocus } from '../../../exports/focus/export-focus.ts';
import { createFolder } from '../../support/folder.ts';
import { createTestDatabase } from '../../support/postgres.ts';
import { fileOf, type Row, readRows, writeRows } from './files.ts';
import { optionsOf } from './options.ts';
import { createWorld } from './world.ts';

export interface SpoiledExport {
  readonly pool: pg.Pool;
  readonly folder: string;
  /** The sound export's folder, and that of the copy which `failures` makes anew. */
  readonly sound: string;
  readonly planted: string;
  /** What fails after `spoil` has been at a copy of the export. */
  failures(spoil: () => Promise<void>): Promise<readonly RuleResult[]>;
  /** Ids of the rules that fail after a dataset's rows were changed. */
  failuresWith(dataset: string, change: (rows: Row[]) => Row[] | undefined): Promise<string[]>;
  close(): Promise<void>;
}

export async function createSpoiledExport(): Promise<SpoiledExport> {
  const database = await createTestDatabase();
  const { pool } = database;
  await createWorld(pool);
  const temporary = await createFolder();
  const sound = path.join(temporary.path, 'sound');
  const planted = path.join(temporary.path, 'planted');
  await exportFocus(pool, optionsOf(sound));
  const failures: SpoiledExport['failures'] = async (spoil) => {
    await rm(planted, { recursive: true, force: true });
    await cp(sound, planted, { recursive: true });
    await spoil();
    const [checked] = await checkFolder(pool, planted);
    return checked?.results.filter(({ state }) => state === 'fail') ?? [];
  };
  const failuresWith: SpoiledExport['failuresWith'] = async (dataset, change) => {
    const file = fileOf(planted, dataset);
    const failed = await failures(async () => {
      const rows = await readRows(file);
      await writeRows(file, change(rows) ?? rows);
    });
    return failed.map(({ id }) => id);
  };
  const close = async (): Promise<void> => {
    await database.close();
    await temporary.remove();
  };
  return { pool, folder: temporary.path, sound, planted, failures, failuresWith, close };
}

/** Sets values in the first row that has what `where` says. */
export function set(values: Row, where: Row = {}): (rows: Row[]) => undefined {
  return (rows) => {
    const row = rows.find((candidate) =>
      Object.entries(where).every(([name, value]) => candidate[name] === value),
    );
    if (row === undefined) throw new Error(`no row with ${JSON.stringify(where)}`);
    Object.assign(row, values);
  };
}
