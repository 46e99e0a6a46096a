/**
 * The list of the migrations that exist, each with the SHA-256 of its file: what is in it was applied
 * to somebody's database and never changes, and what is new comes after it. `npm run db:snapshot`
 * appends to it and nothing else does.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { migrationNames } from './migrate.ts';

export const COMMITTED_FILE = path.join(import.meta.dirname, 'committed.txt');

/** Names and hashes, in order. */
export type MigrationList = ReadonlyMap<string, string>;

export async function readCommitted(): Promise<MigrationList> {
  const lines = (await readFile(COMMITTED_FILE, 'utf8')).trim().split('\n');
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

/** The files as they are. */
export async function readMigrationFiles(): Promise<MigrationList> {
  const files = new Map<string, string>();
  for (const name of await migrationNames()) {
    const text = await readFile(path.join(import.meta.dirname, `${name}.sql`));
    files.set(name, createHash('sha256').update(text).digest('hex'));
  }
  return files;
}

/** What is wrong with `files` as a continuation of `committed`: one sentence each. */
export function orderDefects(files: MigrationList, committed: MigrationList): string[] {
  const defects: string[] = [];
  for (const [name, hash] of committed) {
    const found = files.get(name);
    if (found === undefined) defects.push(`${name} is committed and has no file`);
    else if (found !== hash) {
      defects.push(`${name} is committed and was edited: undo that, and add a migration`);
    }
  }
  const highest = [...committed.keys()].sort().at(-1) ?? '';
  for (const name of files.keys()) {
    if (!committed.has(name) && name < highest) {
      defects.push(`${name} comes before ${highest}, which is committed: give it a higher number`);
    }
  }
  return defects;
}

/** Appends the new files to the list. Throws with the defects when it cannot be continued so. */
export async function commitMigrations(): Promise<void> {
  const files = await readMigrationFiles();
  const defects = orderDefects(files, await readCommitted());
  if (defects.length > 0) throw new Error(defects.join('\n'));
  await writeFile(COMMITTED_FILE, [...files].map(([name, hash]) => `${name} ${hash}\n`).join(''));
}
