/**
 * Files behind HTTP(S): a listing that a server or object store gives, or a list of signed addresses. Files
 * are written to a temporary folder before they are read, so that no transaction waits for a server.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ContractError, ListingMovedError } from '../../foundation/errors.ts';
import { FileFault } from './csv-splitter.ts';
import type { FileExchange, FileServer } from './file-server.ts';
import {
  type FileLimits,
  type FileSource,
  isDataFile,
  type ListedFile,
  type LocalFile,
  pathFault,
  shownPath,
} from './file-source.ts';
import { type Listing, readListing } from './listing-formats.ts';

const FOLDERS_MAX = 2_000;
const FOLDER_DEPTH_MAX = 20;

export interface HttpFilesOptions {
  readonly accountId: string;
  readonly server: FileServer;
  readonly limits: FileLimits;
  /** Addresses that prove themselves, one or more, separated by white space; null: the listing is asked. */
  readonly signedUrls: string | null;
}

export class HttpFiles implements FileSource {
  readonly #options: HttpFilesOptions;
  /** Requests' targets by the paths of files: a signed address has a query that nobody else sees. */
  readonly #targets = new Map<string, string>();
  #folder: string | null = null;

  constructor(options: HttpFilesOptions) {
    this.#options = options;
  }

  get requests(): number {
    return this.#options.server.requests;
  }

  async list(): Promise<ListedFile[]> {
    const { signedUrls } = this.#options;
    this.#targets.clear();
    if (signedUrls === null) return this.#walk();
    const files: ListedFile[] = [];
    for (const address of signedUrls.split(/\s+/).filter((part) => part !== '')) {
      const target = this.#within(address, '');
      if (target === null) {
        throw new ContractError(
          `account ${this.#options.accountId}: a signed address does not begin with base_url: only files below it are read`,
        );
      }
      await this.#add(files, target, null, null);
    }
    return files;
  }

  async fetch(listed: ListedFile): Promise<LocalFile> {
    const { server, limits, accountId } = this.#options;
    this.#folder ??= await mkdtemp(path.join(tmpdir(), 'meterhouse-files-'));
    const file = path.join(this.#folder, randomBytes(8).toString('hex'));
    const target = this.#targets.get(listed.path) ?? '';
    const fetched = await server.send('GET', target, async ({ body, mark }) => {
      const digest = createHash('sha256');
      let bytes = 0;
      const counted = new Transform({
        transform(piece: Buffer, _, done): void {
          bytes += piece.length;
          digest.update(piece);
          const isTooLarge = bytes > limits.fileBytesMax;
          done(
            isTooLarge ? new FileFault(`it is larger than ${limits.fileBytesMax} bytes`) : null,
            piece,
          );
        },
      });
      await pipeline(body, counted, createWriteStream(file, { mode: 0o600 }));
      return { mark, digest: digest.digest('hex') };
    });
    if (listed.mark !== null && fetched.mark !== null && fetched.mark !== listed.mark) {
      throw new ListingMovedError(
        `account ${accountId}: ${shownPath(listed.path)} was written again`,
      );
    }
    return { file, mark: listed.mark ?? fetched.digest };
  }

  async close(): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = null;
    await this.#options.server.close();
  }

  /** The listing and those of the folders that it names. */
  async #walk(): Promise<ListedFile[]> {
    const files: ListedFile[] = [];
    const folders = [''];
    for (const folder of folders) {
      let continuation: string | null = null;
      do {
        const listing = await this.#listing(folder, continuation);
        for (const { name, mark, modifiedMs } of listing.entries) {
          const target = this.#within(
            listing.isWhole ? encodeKey(name) : name,
            listing.isWhole ? '' : folder,
          );
          if (target === null) continue; // a link to elsewhere: to the parent, to a help page
          if (!target.endsWith('/')) await this.#add(files, target, mark, modifiedMs);
          else if (isDeeper(target, folder) && !folders.includes(target)) folders.push(target);
        }
        if (folders.length > FOLDERS_MAX)
          throw new FileFault(`there are more than ${FOLDERS_MAX} folders`);
        ({ continuation } = listing);
      } while (continuation !== null);
    }
    return files;
  }

  async #listing(folder: string, continuation: string | null): Promise<Listing> {
    const { server } = this.#options;
    const query =
      continuation === null
        ? ''
        : `?list-type=2&continuation-token=${encodeURIComponent(continuation)}`;
    const answer = await server.send('GET', `${folder}${query}`, async (exchange) => ({
      contentType: exchange.contentType,
      text: await exchange.text(),
    }));
    const listing = readListing(answer.contentType, answer.text);
    if (listing !== null) return listing;
    throw server.contract(
      'the answer is no listing (HTML links, JSON list, lines of text or S3 XML)',
      folder,
    );
  }

  async #add(
    files: ListedFile[],
    target: string,
    mark: string | null,
    modifiedMs: number | null,
  ): Promise<void> {
    const name = decoded(target.split('?', 1)[0] ?? '');
    if (!isDataFile(name) || this.#targets.has(name)) return;
    if (files.length === this.#options.limits.filesMax) {
      throw new FileFault(`there are more than ${this.#options.limits.filesMax} files`);
    }
    this.#targets.set(name, target);
    const fault = pathFault(name, this.#options.limits);
    const known = mark !== null || fault !== null ? { mark, modifiedMs } : await this.#look(target);
    files.push({ path: name, fault, ...known });
  }

  /** A file's headers: a server that takes no HEAD, as for signed addresses, is asked for the file and left. */
  async #look(target: string): Promise<{ mark: string | null; modifiedMs: number | null }> {
    const headersOf = ({ mark, modifiedMs }: FileExchange) => Promise.resolve({ mark, modifiedMs });
    const isSigned = this.#options.signedUrls !== null;
    return this.#options.server.send(isSigned ? 'GET' : 'HEAD', target, headersOf);
  }

  /** An address relative to base_url, or null where it leads elsewhere. */
  #within(href: string, folder: string): string | null {
    const { base } = this.#options.server;
    if (!URL.canParse(href, `${base}${folder}`)) return null;
    const { origin, pathname, search } = new URL(href, `${base}${folder}`);
    const whole = `${origin}${pathname}`;
    return whole.startsWith(base) && whole !== base ? `${whole.slice(base.length)}${search}` : null;
  }
}

function isDeeper(target: string, folder: string): boolean {
  return target.startsWith(folder) && target.split('/').length <= FOLDER_DEPTH_MAX;
}

function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
