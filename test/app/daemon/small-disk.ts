/** A disk of a few megabytes that a test can fill: a tmpfs, which only root may mount. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';

const CHUNK_BYTES = 1_048_576;

export class SmallDisk {
  readonly path: string;

  private constructor(folder: string) {
    this.path = folder;
  }

  /** Null where this user, or this sandbox, may not mount. */
  static mount(folder: string, megabytes: number): SmallDisk | null {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync(
        'mount',
        ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0777`, 'tmpfs', folder],
        {
          stdio: 'ignore',
        },
      );
      return new SmallDisk(folder);
    } catch {
      return null;
    }
  }

  /** Takes all the space that is left, down to the last byte. */
  async fill(): Promise<void> {
    const file = await open(this.#ballast, 'a');
    try {
      for (let bytes = CHUNK_BYTES; bytes >= 1; ) {
        const written = await file.write(Buffer.alloc(bytes)).catch(() => ({ bytesWritten: 0 }));
        if (written.bytesWritten < bytes) bytes = Math.floor(bytes / 2);
      }
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(this.#ballast, { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.path], { stdio: 'ignore' });
  }

  get #ballast(): string {
    return path.join(this.path, 'ballast');
  }
}
