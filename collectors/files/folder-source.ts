/** Files of a folder on this machine, with its subfolders. Nothing outside the folder is ever read. */
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ListingMovedError, ProviderError } from '../../foundation/errors.ts';
import { FileFault } from './csv-splitter.ts';
import {
  type FileLimits,
  type FileSource,
  isDataFile,
  type ListedFile,
  type LocalFile,
  pathFault,
  shownPath,
} from './file-source.ts';

const DEPTH_MAX = 20;

export class FolderSource implements FileSource {
  readonly requests = 0;
  readonly #accountId: string;
  readonly #folder: string;
  readonly #limits: FileLimits;

  /** `baseUrl` is a file: address. */
  constructor(accountId: string, baseUrl: string, limits: FileLimits) {
    this.#accountId = accountId;
    this.#folder = fileURLToPath(baseUrl);
    this.#limits = limits;
  }

  async list(): Promise<ListedFile[]> {
    const folder = await this.#realFolder();
    const files: ListedFile[] = [];
    const waiting = [''];
    for (const from of waiting) {
      const entries = await readdir(path.join(folder, from), { withFileTypes: true });
      for (const entry of entries.sort(byName)) {
        if (entry.name.startsWith('.')) continue;
        const name = from === '' ? entry.name : `${from}/${entry.name}`;
        if (entry.isDirectory() && name.split('/').length < DEPTH_MAX) waiting.push(name);
        if (entry.isDirectory() || !isDataFile(name)) continue;
        files.push(await this.#look(folder, name));
        if (files.length > this.#limits.filesMax) {
          throw new FileFault(`there are more than ${this.#limits.filesMax} files`);
        }
      }
    }
    return files;
  }

  async fetch(listed: ListedFile): Promise<LocalFile> {
    const folder = await this.#realFolder();
    const now = await this.#look(folder, listed.path);
    if (now.fault !== null) throw new FileFault(now.fault);
    if (now.mark === null || now.mark !== listed.mark) {
      throw new ListingMovedError(
        `account ${this.#accountId}: ${shownPath(listed.path)} was written again`,
      );
    }
    return { file: path.join(folder, listed.path), mark: now.mark };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #look(folder: string, name: string): Promise<ListedFile> {
    const fault = pathFault(name, this.#limits) ?? (await this.#placeFault(folder, name));
    if (fault !== null) return { path: name, mark: null, modifiedMs: null, fault };
    const { size, mtimeMs } = await stat(path.join(folder, name));
    const tooLarge = size > this.#limits.fileBytesMax;
    return {
      path: name,
      mark: `${size} bytes of ${mtimeMs}`,
      modifiedMs: mtimeMs,
      fault: tooLarge ? `it is larger than ${this.#limits.fileBytesMax} bytes` : null,
    };
  }

  /** A link may stand for a file of the folder, not for one outside; a pipe or device is no file. */
  async #placeFault(folder: string, name: string): Promise<string | null> {
    const file = path.join(folder, name);
    const real = await realpath(file).catch(() => null);
    if (real === null) return 'it cannot be reached';
    if (!real.startsWith(`${folder}${path.sep}`))
      return 'it is a link that leads out of the folder';
    return (await lstat(real)).isFile() ? null : 'it is no regular file';
  }

  async #realFolder(): Promise<string> {
    try {
      return await realpath(this.#folder);
    } catch (cause) {
      throw new ProviderError(
        `account ${this.#accountId}: cannot read the folder ${this.#folder}: check base_url and the rights of this user`,
        { cause },
      );
    }
  }
}

function byName({ name }: { name: string }, { name: other }: { name: string }): number {
  return name < other ? -1 : 1;
}
