/**
 * Files that belong together: written in a hidden folder beside their place, then moved there, so
 * that each appears complete or not at all.
 */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../foundation/errors.ts';
import type { WrittenFile } from './file-output.ts';

export class FileSet {
  readonly folder: string;
  readonly #draftFolder: string;
  readonly #written: WrittenFile[] = [];

  private constructor(folder: string, draftFolder: string) {
    this.folder = folder;
    this.#draftFolder = draftFolder;
  }

  /**
   * Lets `write` fill a set of files of `folder`, which is made where it does not exist. When `write`
   * fails, nothing is left of them. Throws UsageError when the folder cannot be written.
   */
  static async writeInto<Result>(
    folder: string,
    write: (files: FileSet) => Promise<Result>,
  ): Promise<Result> {
    const draftFolder = await plainly(folder, async () => {
      await mkdir(folder, { recursive: true });
      return mkdtemp(path.join(folder, '.meterhouse-draft-'));
    });
    try {
      return await plainly(folder, () => write(new FileSet(folder, draftFolder)));
    } finally {
      await rm(draftFolder, { recursive: true, force: true });
    }
  }

  /** The files so far, in the order in which they were added. */
  get written(): readonly WrittenFile[] {
    return this.#written;
  }

  /** Adds the file that `write` makes; it is moved to its place by `publish`. */
  async add(name: string, write: (file: string) => Promise<WrittenFile>): Promise<WrittenFile> {
    const written = await write(path.join(this.#draftFolder, name));
    const placed = { ...written, file: path.join(this.folder, name) };
    this.#written.push(placed);
    return placed;
  }

  /** Moves the files to their places, the last one added last. */
  async publish(): Promise<void> {
    for (const { file } of this.#written) {
      await rename(path.join(this.#draftFolder, path.basename(file)), file);
    }
  }
}

/** A file system's refusal as one line for whoever named the folder. */
async function plainly<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isFileFailure(error)) throw error;
    throw new UsageError(`cannot write files into ${folder}: ${error.message}`, { cause: error });
  }
}

/** Codes by which a file system refuses; a broken connection has others. */
const REFUSALS = [
  'EACCES',
  'EDQUOT',
  'EEXIST',
  'EIO',
  'EISDIR',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
];

function isFileFailure(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    REFUSALS.includes(error.code)
  );
}
