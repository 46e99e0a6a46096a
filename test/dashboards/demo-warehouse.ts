/** A warehouse that the demo filled: what a person sees who tries Meterhouse out. */
import { expect } from 'vitest';
import { cli } from '../support/cli.ts';
import { createFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

/** Long enough for a month to be closed and corrected. */
export const DEMO_DAYS = 40;
const WORLD_START_MS = Date.UTC(2026, 7, 1);
const DAY_MS = 86_400_000;
export const DEMO_END = new Date(WORLD_START_MS + DEMO_DAYS * DAY_MS);

/** Takes about a minute; the caller closes it. */
export async function createDemoWarehouse(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  const folder = await createFolder();
  try {
    const { exitCode, stderr } = await cli(
      ['demo', '--days', String(DEMO_DAYS), '--out', folder.path, '--database', 'DEMO_URL'],
      { DEMO_URL: database.url },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
    return database;
  } finally {
    await folder.remove();
  }
}
