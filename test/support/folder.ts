/** A folder of its own for the tests of one file; the caller removes it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function createFolder(): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-test-'));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
