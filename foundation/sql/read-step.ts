import { readFile } from 'node:fs/promises';
import path from 'node:path';

const REPOSITORY = path.join(import.meta.dirname, '../..');

/** The text of one SQL file by its path in the repository: `transforms/ledger/enter_charges`. */
export function readStep(name: string): Promise<string> {
  return readFile(path.join(REPOSITORY, `${name}.sql`), 'utf8');
}
