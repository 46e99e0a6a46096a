/**
 * Files that belong together: written in a hidden folder beside their place, then moved there, so
 * that each appears complete or not at all. What a killed run left is ended by the next one.
 */
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../foundation/errors.ts';
import { dropDraft, makeDraft, publishDraft, recoverDrafts } from './draft-folder.ts';
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
    const madeFolder = await plainly(folder, () => mkdir(folder, { recursive: true }));
    try {
      const draftFolder = await plainly(folder, () => makeDraft(folder));
      try {
        return await plainly(folder, async () => {
          await recoverDrafts(draftFolder);
          return write(new FileSet(folder, draftFolder));
        });
      } finally {
        await dropDraft(draftFolder);
      }
    } finally {
      if (madeFolder !== undefined)
        await removeEmpty(path.resolve(folder), path.resolve(madeFolder));
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

  /** Moves the files to their places, the last one added last, and removes those that are obsolete. */
  async publish(obsolete: readonly string[] = []): Promise<void> {
    const files = this.#written.map(({ file }) => path.basename(file));
    await publishDraft(this.#draftFolder, { files, obsolete });
  }
}

/** Removes the folders that were made for files which did not come, from `folder` up to `first`. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  for (let current = folder; current.startsWith(first); current = path.dirname(current)) {
    if ((await readdir(current)).length > 0) return;
    await rmdir(current);
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
