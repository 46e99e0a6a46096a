/** A file that is written from its beginning to its end, with its length and SHA-256. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** What a written file holds. */
export interface WrittenFile {
  readonly file: string;
  /** Data rows, without a header line. */
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Chunks are gathered in a buffer of this size: a chunk that waits for the disk would outlive the
 * collection of young objects, and memory would fill with what is written long ago.
 */
const BUFFER_BYTES = 1_048_576;

export class FileOutput {
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #filled = 0;
  #bytes = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Makes the file (or empties it) and lets `fill` write it; `fill` returns the number of rows. */
  static async writeFile(
    file: string,
    fill: (output: FileOutput) => Promise<number>,
  ): Promise<WrittenFile> {
    const handle = await open(file, 'w');
    try {
      const output = new FileOutput(handle);
      const rows = await fill(output);
      await output.#flush();
      return { file, rows, bytes: output.#bytes, sha256: output.#hash.digest('hex') };
    } finally {
      await handle.close();
    }
  }

  /** When it resolves, the memory of the chunk may be used again. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let start = 0; start < chunk.byteLength; ) {
      const part = chunk.subarray(start, start + BUFFER_BYTES - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.byteLength;
      start += part.byteLength;
      if (this.#filled === BUFFER_BYTES) await this.#flush();
    }
  }

  writeText(text: string): Promise<void> {
    return this.write(Buffer.from(text));
  }

  async #flush(): Promise<void> {
    const bytes = this.#buffer.subarray(0, this.#filled);
    this.#hash.update(bytes);
    for (let start = 0; start < bytes.byteLength; ) {
      const { bytesWritten } = await this.#handle.write(bytes, start);
      start += bytesWritten;
    }
    this.#bytes += bytes.byteLength;
    this.#filled = 0;
  }
}
