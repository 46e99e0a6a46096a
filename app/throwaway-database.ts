/** A PostgreSQL of one command's own, for its arithmetic: in a temporary folder, gone with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Database, openDatabase } from './database.ts';

/** Takes a few seconds. Throws DatabaseError when no server can be started. */
export async function openThrowawayDatabase(): Promise<Database> {
  const folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const database = await openDatabase({ kind: 'embedded', folder, isDurable: false });
    return { ...database, close: () => database.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
