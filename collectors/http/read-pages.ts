/**
 * Reads one slice of a stream, page after page, and decides what every answer means. A listing
 * that repeats itself, breaks off or changes under the reader is an error, never a short listing.
 */
import pRetry from 'p-retry';
import type { Entity, Slice, Stream, StreamRequest } from '../stream.ts';
import { recordKey } from '../validate-records.ts';
import type { HttpAnswer, HttpClient, RequestCounters } from './client.ts';
import { type Pager, pagerOf } from './paginate.ts';
import { redactJson } from './redact.ts';
import type { RequestSite } from './request-site.ts';

/** One answer: `text` is what is landed, `body` its parsed copy, for validation only. */
export interface Page {
  readonly text: string;
  readonly body: unknown;
}

export interface ReadPagesOptions {
  readonly stream: Stream;
  readonly slice: Slice;
  readonly client: HttpClient;
  readonly counters: RequestCounters;
  /** `pagesMax` counts the empty last page too; `sweepMsMax` is machine time, all pages together. */
  readonly limits: { readonly pagesMax: number; readonly sweepMsMax: number };
  readonly signal?: AbortSignal;
  /** Called with every page in order, before the next one is asked for. */
  readonly onPage: (page: Page, index: number) => Promise<void>;
}

/** `message` holds the provider's answer when the outcome is one of the stream's tolerated states. */
export interface SliceReading {
  readonly outcome: 'complete' | 'denied' | 'absent';
  readonly pages: number;
  readonly message: string | null;
}

type PageAnswer =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'denied' | 'absent'; readonly message: string };

/** A success whose body is no JSON: cut without HTTP noticing, worth asking again. */
class MalformedBody extends Error {}

const MALFORMED_RETRIES_MAX = 2;
const PAGING_NAMES = { 'ranged-data': 'RANGED-DATA', 'limit-offset': 'limit and offset' } as const;
const TIMER_MS_MAX = 2 ** 31 - 1;
const JSON_CONTENT_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Throws CredentialsError, UnavailableError, ContractError, or ListingMovedError (read it again).
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
  readonly #seenKeys = new Set<string>();
  #previousText: string | null = null;

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
    const { limits, onPage } = this.#options;
    let pages = 0;
    for (;;) {
      if (pages === limits.pagesMax) {
        throw this.#site.contract(`the listing has more than ${limits.pagesMax} pages`);
      }
      const answer = await this.#nextPage();
      if (answer.kind === 'tooMany') continue;
      if (answer.kind !== 'page') {
        if (pages > 0) throw this.#site.moved(`page ${pages + 1} is gone: ${answer.message}`);
        return { outcome: answer.kind, pages, message: answer.message };
      }
      const isEnd = this.#take(answer.page, pages);
      await onPage(answer.page, pages);
      pages += 1;
      if (isEnd) return { outcome: 'complete', pages, message: null };
    }
  }

  /** Notes a page and checks it against those before it. Returns true when it is the last. */
  #take(page: Page, index: number): boolean {
    const { pagination } = this.#options.stream;
    if (pagination.kind === 'unpaged') return true;
    const records = this.#records(page.body);
    if (records.length > 0 && page.text === this.#previousText) {
      const hint = index === 1 ? `: ${PAGING_NAMES[pagination.kind]} seems to be ignored` : '';
      throw this.#site.contract(`repeated page: page ${index + 1} equals page ${index}${hint}`);
    }
    this.#previousText = page.text;
    const isEnd = this.#pager.take(records.length, page.body, this.#site);
    this.#noteKeys(records);
    return isEnd;
  }

  #records(body: unknown): readonly unknown[] {
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

  /** A record on two pages means that records moved between them, and others may have been missed. */
  #noteKeys(records: readonly unknown[]): void {
    const entity = this.#listed;
    if (entity === undefined || entity.key.length === 0) return;
    const keys = new Set<string>();
    for (const record of records) {
      const key = recordKey(entity, record);
      if (key !== null) keys.add(key);
    }
    for (const key of keys) {
      if (this.#seenKeys.has(key)) {
        throw this.#site.moved(`${entity.name} ${this.#site.clean(key)} is on two pages`);
      }
      this.#seenKeys.add(key);
    }
  }

  async #nextPage(): Promise<PageAnswer> {
    const { counters, client, signal } = this.#options;
    const paging = this.#pager.next();
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
      if (error instanceof MalformedBody) throw this.#site.contract(error.message);
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
    if (status >= 200 && status < 300) return { kind: 'page', page: this.#page(answer) };
    if (status === 422 && this.#pager.askForLess()) return { kind: 'tooMany' };
    const state = status === 403 || status === 404 ? stream.tolerated?.[status] : undefined;
    if (state !== undefined) return { kind: state, message: this.#site.answered(answer) };
    if (status === 403 && !isPublic) throw this.#site.refused(answer);
    throw this.#site.contract(this.#site.answered(answer), status);
  }

  #page(answer: HttpAnswer): Page {
    const contentType = answer.headers['content-type'] ?? '';
    if (!JSON_CONTENT_TYPE.test(contentType)) {
      const type = this.#site.clean(contentType);
      throw this.#site.contract(
        `HTTP ${answer.status} with ${type === '' ? 'no content type' : type} where JSON was expected`,
        answer.status,
      );
    }
    try {
      const text = redactJson(answer.text, this.#options.stream.redactedFields ?? []);
      return { text, body: JSON.parse(text) };
    } catch {
      // The parser's own message quotes the body, which may hold what is redacted.
      throw new MalformedBody(`the answer of ${answer.text.length} characters is no JSON`);
    }
  }
}
