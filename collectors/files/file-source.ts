/** Where files come from, and how many and how large they may be. */

/** One file as its folder or server lists it. */
export interface ListedFile {
  /** From the base address, parts joined by '/'. */
  readonly path: string;
  /** Changes when the content does: an ETag, or size and time; null: only its bytes say. */
  readonly mark: string | null;
  /** When it was last written, milliseconds of the epoch; null where that is not reported. */
  readonly modifiedMs: number | null;
  /** Why it cannot be read, or null. The delivery that it belongs to fails. */
  readonly fault: string | null;
}

/** A file at hand on this machine. */
export interface LocalFile {
  readonly file: string;
  /** As listed, or the digest of its bytes. */
  readonly mark: string;
}

export interface FileSource {
  /** Every data file there is. Throws ProviderError, and FileFault for a listing beyond the limits. */
  list(): Promise<ListedFile[]>;
  /** Throws ProviderError, FileFault, and ListingMovedError when it is not the file that was listed. */
  fetch(listed: ListedFile): Promise<LocalFile>;
  /** How many requests were sent so far. */
  readonly requests: number;
  /** Removes what was fetched. */
  close(): Promise<void>;
}

export interface FileLimits {
  readonly filesMax: number;
  readonly pathBytesMax: number;
  readonly fileBytesMax: number;
  /** Of one file, decompressed. */
  readonly textBytesMax: number;
  readonly recordCharactersMax: number;
  readonly columnsMax: number;
  readonly deliveryRowsMax: number;
}

export const FILE_LIMITS: FileLimits = {
  filesMax: 20_000,
  pathBytesMax: 400,
  fileBytesMax: 8 * 1024 ** 3,
  textBytesMax: 64 * 1024 ** 3,
  recordCharactersMax: 1024 ** 2,
  columnsMax: 1_000,
  deliveryRowsMax: 20_000_000,
};

/** What a data file's name ends in. */
const DATA_FILE = /\.(?:csv|csv\.gz|parquet)$/i;

export function isDataFile(path: string): boolean {
  return DATA_FILE.test(path);
}

/** Why a path is not taken, or null: it goes into messages, keys and reports. */
export function pathFault(path: string, limits: FileLimits): string | null {
  if (/\p{Cc}|\p{Surrogate}|\uFFFD/u.test(path)) return 'its name holds control characters';
  if (Buffer.byteLength(path) > limits.pathBytesMax) {
    return `its path is longer than ${limits.pathBytesMax} bytes`;
  }
  return path.split('/').includes('..') ? 'its path leads out of the folder' : null;
}

/** A path as messages show it. */
export function shownPath(path: string): string {
  const line = path.replaceAll(/[\s\p{Cc}\p{Surrogate}]+/gu, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
