/**
 * Reads one slice of a stream, page after page, and decides what every answer means. A listing
 * that repeats itself, breaks off or changes under the reader is an error, never a short listing.
 */
import { createHash } from 'node:crypto';
import pRetry from 'p-retry';
import type { Entity, Slice, Stream, StreamRequest } from '../stream.ts';
import { recordKey, recordsOf } from '../validate-records.ts';
import type { HttpClient, RequestCounters } from './client.ts';
import { type PageRequest, type Pager, pagerOf } from './paginate.ts';
import { MalformedBody, type Page, parsePage } from './parse-page.ts';
import type { RequestSite } from './request-site.ts';

/** Limits of one listing. */
export interface SweepLimits {
  /** Counts the empty last page, too. */
  readonly pagesMax: number;
  readonly recordsMax: number;
  /** Machine time, all pages together. */
  readonly sweepMsMax: number;
}

export interface ReadPagesOptions {
  readonly stream: Stream;
  readonly slice: Slice;
  readonly client: HttpClient;
  readonly counters: RequestCounters;
  readonly limits: SweepLimits;
  readonly signal?: AbortSignal;
  /**
   * Called with every page in order, before the next one is asked for. Takes what it needs of the
   * parsed copy before it returns: while its promise is waited for, only the text is kept.
   */
  readonly onPage: (page: Page, index: number) => Promise<void>;
}

/** `message` holds the provider's answer when the outcome is one of the stream's tolerated states. */
export interface SliceReading {
  readonly outcome: 'complete' | 'denied' | 'absent';
  readonly pages: number;
  readonly message: string | null;
  /** Digest of all keys in their order where the listing gave as many as it says it has; else null. */
  readonly order: string | null;
}

/** What became of one page; the next may be asked for when `taken` resolves. */
type Step =
  | { readonly kind: 'page'; readonly isEnd: boolean; readonly taken: Promise<void> }
  | { readonly kind: 'ignoresPaging' }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'denied'; readonly message: string }
  | { readonly kind: 'absent'; readonly message: string };

type PageAnswer =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'denied'; readonly message: string }
  | { readonly kind: 'absent'; readonly message: string };

const MALFORMED_RETRIES_MAX = 2;
const PAGING_NAMES = { 'ranged-data': 'RANGED-DATA', 'limit-offset': 'limit and offset' } as const;
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Throws CredentialsError, RefusedError, WaitAskedError, UnavailableError, ContractError, or
 * ListingMovedError (read it again).
 */
export async function readPages(options: ReadPagesOptions): Promise<SliceReading> {
  const { stream, slice, client, limits } = options;
  const request = stream.request(slice);
  const site = client.site(request, stream.id);
  const deadline = new AbortController();
  const timer = setTimeout(
    () => {
      const what = `the listing took longer than ${limits.sweepMsMax} ms`;
      deadline.abort(site.unavailable(what, { attempts: 1 }));
    },
    Math.min(limits.sweepMsMax, TIMER_MS_MAX),
  );
  const signal =
    options.signal === undefined
      ? deadline.signal
      : AbortSignal.any([options.signal, deadline.signal]);
  try {
    return await new SliceReader({ ...options, signal }, request, site).read();
  } finally {
    clearTimeout(timer);
  }
}

class SliceReader {
  readonly #options: ReadPagesOptions & { readonly signal: AbortSignal };
  readonly #request: StreamRequest;
  readonly #site: RequestSite;
  readonly #pager: Pager;
  /** The entity whose records the paging counts. */
  readonly #listed: Entity | undefined;
  #records = 0;
  /** Of the page before: records that move mostly move by one. The landing compares all pages. */
  #previousKeys: ReadonlySet<string> = new Set();
  #previousText: string | null = null;
  readonly #order = createHash('sha256');

  constructor(
    options: ReadPagesOptions & { readonly signal: AbortSignal },
    request: StreamRequest,
    site: RequestSite,
  ) {
    this.#options = options;
    this.#request = request;
    this.#site = site;
    this.#pager = pagerOf(options.stream.pagination);
    this.#listed = options.stream.entities.find(({ records }) => records.shape === 'array');
  }

  async read(): Promise<SliceReading> {
    const { limits } = this.#options;
    let pages = 0;
    for (;;) {
      if (pages === limits.pagesMax) {
        throw this.#site.contract(`the listing has more than ${limits.pagesMax} pages`);
      }
      const step = await this.#step(pages);
      if (step.kind === 'tooMany') continue;
      if (step.kind === 'ignoresPaging') {
        return { outcome: 'complete', pages, message: null, order: null };
      }
      if (step.kind === 'denied' || step.kind === 'absent') {
        if (pages > 0) throw this.#site.moved(`page ${pages + 1} is gone: ${step.message}`);
        return { outcome: step.kind, pages, message: step.message, order: null };
      }
      await step.taken;
      pages += 1;
      if (step.isEnd) {
        const order = this.#pager.isCounted ? this.#order.digest('hex') : null;
        return { outcome: 'complete', pages, message: null, order };
      }
    }
  }

  /** Asks for a page and hands it over. The parsed copy does not outlive the call. */
  async #step(index: number): Promise<Step> {
    const answer = await this.#nextPage(this.#pager.next());
    if (answer.kind !== 'page') return answer;
    const { page } = answer;
    if (this.#options.stream.pagination.kind === 'unpaged') {
      this.#count(this.#options.stream.entities.flatMap((entity) => recordsOf(entity, page.body)));
      return { kind: 'page', isEnd: true, taken: this.#options.onPage(page, index) };
    }
    const records = this.#recordsOf(page.body);
    const keys = this.#keysOf(records);
    if (index === 1 && (await this.#ignoresPaging(page, keys, records.length))) {
      return { kind: 'ignoresPaging' };
    }
    const isEnd = this.#take(page, records, keys, index);
    return { kind: 'page', isEnd, taken: this.#options.onPage(page, index) };
  }

  /** Notes a page and checks it against the one before it. Returns true when it is the last. */
  #take(
    page: Page,
    records: readonly unknown[],
    keys: ReadonlySet<string>,
    index: number,
  ): boolean {
    if (records.length > 0 && page.text === this.#previousText) {
      const { kind } = this.#options.stream.pagination;
      const hint =
        index === 1 && kind !== 'unpaged' ? `: ${PAGING_NAMES[kind]} seems to be ignored` : '';
      throw this.#site.contract(`repeated page: page ${index + 1} equals page ${index}${hint}`);
    }
    this.#count(records);
    const isEnd = this.#pager.take(records.length, page.body, this.#site);
    // A listing that keeps to its count may hold a record twice; only a whole page may not return.
    const mayRepeat = this.#pager.isCounted && !isEqual(keys, this.#previousKeys);
    for (const key of keys) {
      if (!mayRepeat && this.#previousKeys.has(key)) throw this.#site.moved(this.#onTwoPages(key));
      this.#order.update(key).update('\0');
    }
    this.#previousText = page.text;
    this.#previousKeys = keys;
    return isEnd;
  }

  /**
   * True when the second page lists what the first did because the server does not read the paging:
   * then the first page is the whole listing. A listing that moved while it was read can look the
   * same, so that a page far behind the end is asked for. Throws ListingMovedError, and ContractError
   * where the first page may be a part: its size is one that a server could have chosen.
   */
  async #ignoresPaging(page: Page, keys: ReadonlySet<string>, size: number): Promise<boolean> {
    const isSame =
      keys.size > 0
        ? isEqual(keys, this.#previousKeys)
        : size > 0 && page.text === this.#previousText;
    const beyond = this.#pager.beyond();
    if (!isSame || beyond === null) return false;
    const answer = await this.#nextPage(beyond);
    const records = answer.kind === 'page' ? this.#recordsOf(answer.page.body) : [];
    if (records.length !== size || !isEqual(keys, this.#keysOf(records))) {
      throw this.#site.moved(this.#onTwoPages([...keys][0] ?? 'a record'));
    }
    if (this.#pager.mayBePart(size)) {
      const name = PAGING_NAMES['ranged-data'];
      throw this.#site.contract(
        `repeated page: page 2 equals page 1: ${name} seems to be ignored, and ${size} records may be a part of the listing`,
      );
    }
    return true;
  }

  #onTwoPages(key: string): string {
    return `${this.#listed?.name ?? 'a record'} ${this.#site.clean(key)} is on two pages`;
  }

  #count(records: readonly unknown[]): void {
    const { client, limits } = this.#options;
    const { pageRecordsMax } = client.settings;
    if (records.length > pageRecordsMax) {
      throw this.#site.contract(`the answer has more than ${pageRecordsMax} records`);
    }
    this.#records += records.length;
    if (this.#records > limits.recordsMax) {
      throw this.#site.contract(`the listing has more than ${limits.recordsMax} records`);
    }
  }

  #recordsOf(body: unknown): readonly unknown[] {
    const path = this.#listed?.records.path ?? [];
    const place = path.reduce<unknown>(
      (parent, name) =>
        typeof parent === 'object' && parent !== null ? Reflect.get(parent, name) : undefined,
      body,
    );
    if (Array.isArray(place)) return place;
    const where = path.length === 0 ? 'the answer' : `"${path.join('.')}"`;
    throw this.#site.contract(`${where} is no list`);
  }

  #keysOf(records: readonly unknown[]): Set<string> {
    const keys = new Set<string>();
    const entity = this.#listed;
    if (entity === undefined || entity.key.length === 0) return keys;
    for (const record of records) {
      const key = recordKey(entity, record);
      if (key !== null) keys.add(key);
    }
    return keys;
  }

  async #nextPage(paging: PageRequest): Promise<PageAnswer> {
    const { counters, client, signal } = this.#options;
    const request = { ...this.#request, query: { ...this.#request.query, ...paging.query } };
    try {
      return await pRetry(() => this.#ask(request, paging.headers), {
        retries: MALFORMED_RETRIES_MAX,
        minTimeout: client.settings.retryDelayMsMin,
        maxTimeout: client.settings.retryDelayMsMax,
        signal,
        shouldRetry: ({ error }) => {
          if (!(error instanceof MalformedBody)) return false;
          counters.retries += 1;
          return true;
        },
      });
    } catch (error) {
      if (error instanceof MalformedBody) {
        throw this.#site.contract(error.message, error.status);
      }
      throw error;
    }
  }

  async #ask(
    request: StreamRequest,
    headers: Readonly<Record<string, string>>,
  ): Promise<PageAnswer> {
    const { client, stream, counters, signal } = this.#options;
    const isPublic = stream.isPublic === true;
    const sending = { headers, isPublic, signal, counters, streamId: stream.id };
    const answer = await client.send(request, sending);
    const { status } = answer;
    if (status >= 200 && status < 300) {
      return { kind: 'page', page: parsePage(answer, stream, client.settings, this.#site) };
    }
    if (status === 422 && this.#pager.askForLess()) return { kind: 'tooMany' };
    const state = status === 403 || status === 404 ? stream.tolerated?.[status] : undefined;
    if (state !== undefined) return { kind: state, message: this.#site.answered(answer) };
    if (status === 403 && !isPublic) throw this.#site.forbidden(answer);
    throw this.#site.contract(this.#site.answered(answer), status);
  }
}

function isEqual(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && left.isSubsetOf(right);
}
