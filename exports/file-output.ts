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

export class FileOutput {
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
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
      return { file, rows, bytes: output.#bytes, sha256: output.#hash.digest('hex') };
    } finally {
      await handle.close();
    }
  }

  /** Resolves when the operating system has the chunks: their memory may be used again. */
  async write(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) {
      this.#hash.update(chunk);
      this.#bytes += chunk.byteLength;
    }
    for (let rest = chunks; rest.length > 0; ) {
      const { bytesWritten } = await this.#handle.writev(rest);
      rest = unwritten(rest, bytesWritten);
    }
  }

  writeText(text: string): Promise<void> {
    return this.write([Buffer.from(text)]);
  }
}

/** What is left of the chunks after their first `bytes`: a full disk or a signal can cut a write. */
function unwritten(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return chunks.flatMap((chunk) => {
    const skipped = Math.min(skip, chunk.byteLength);
    skip -= skipped;
    return skipped === chunk.byteLength ? [] : [chunk.subarray(skipped)];
  });
}
