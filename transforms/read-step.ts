import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The text of one step of the transform, such as `ledger/enter_charges`. */
export function readStep(name: string): Promise<string> {
  return readFile(path.join(import.meta.dirname, `${name}.sql`), 'utf8');
}
