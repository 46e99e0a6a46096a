/**
 * The three ways in which the providers hand out a listing. A pager says what to ask next and
 * whether the listing has ended; it trusts no short page, since a server may clamp its page size.
 */
import type { Pagination } from '../stream.ts';
import type { RequestSite } from './request-site.ts';

/** What a page's request has besides the stream's own. */
export interface PageRequest {
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Pager {
  next(): PageRequest;
  /** Takes note of a page with so many records. Returns true when the listing has ended. */
  take(records: number, body: unknown, site: RequestSite): boolean;
  /** True when the listing states how many records it has, and was found to have given so many. */
  readonly isCounted: boolean;
  /** A page far behind the listing's end, which is empty where paging is read; null: no need. */
  beyond(): PageRequest | null;
  /** True when so many records on a page may be the server's own choice, and not all there are. */
  mayBePart(records: number): boolean;
  /** After a 422: asks for fewer records from now on. Returns false when it cannot. */
  askForLess(): boolean;
}

export function pagerOf(pagination: Pagination): Pager {
  switch (pagination.kind) {
    case 'unpaged':
      return new OnePage();
    case 'ranged-data':
      return new RangedData(pagination.recordsPerPage);
    case 'limit-offset':
      return new LimitOffset(pagination.recordsPerPage);
  }
}

class OnePage implements Pager {
  readonly isCounted = false;

  next(): PageRequest {
    return { query: {}, headers: {} };
  }

  take(): boolean {
    return true;
  }

  beyond(): null {
    return null;
  }

  mayBePart(): boolean {
    return false;
  }

  askForLess(): boolean {
    return false;
  }
}

/** Page sizes that i3D documents for requests without the header. */
const SIZES_WITHOUT_HEADER: readonly number[] = [15, 25];

/** i3D documents neither a total nor a next link: only an empty page is the end. */
class RangedData implements Pager {
  readonly isCounted = false;
  readonly #recordsPerPage: number;
  #received = 0;

  constructor(recordsPerPage: number) {
    this.#recordsPerPage = recordsPerPage;
  }

  next(): PageRequest {
    const range = `start=${this.#received},results=${this.#recordsPerPage}`;
    return { query: {}, headers: { 'ranged-data': range } };
  }

  take(records: number): boolean {
    this.#received += records;
    return records === 0;
  }

  beyond(): PageRequest {
    const start = this.#received + this.#recordsPerPage;
    const range = `start=${start},results=${this.#recordsPerPage}`;
    return { query: {}, headers: { 'ranged-data': range } };
  }

  mayBePart(records: number): boolean {
    return records === this.#recordsPerPage || SIZES_WITHOUT_HEADER.includes(records);
  }

  askForLess(): boolean {
    return false;
  }
}

class LimitOffset implements Pager {
  readonly isCounted = true;
  #limit: number;
  #received = 0;
  #total: number | null = null;

  constructor(recordsPerPage: number) {
    this.#limit = recordsPerPage;
  }

  next(): PageRequest {
    return { query: { limit: `${this.#limit}`, offset: `${this.#received}` }, headers: {} };
  }

  take(records: number, body: unknown, site: RequestSite): boolean {
    const { total_result_count: total, has_next: hasNext } = body as Record<string, unknown>;
    if (typeof total !== 'number') throw site.contract('"total_result_count" is no number');
    if (this.#total !== null && this.#total !== total) {
      throw site.moved(`the listing went from ${this.#total} to ${total} records`);
    }
    this.#total = total;
    this.#received += records;
    const isEnd = hasNext === false || records === 0;
    if (isEnd ? this.#received !== total : this.#received > total) {
      throw site.moved(`the listing gave ${this.#received} of ${total} records`);
    }
    return isEnd;
  }

  /** The envelope tells the total. */
  beyond(): null {
    return null;
  }

  mayBePart(): boolean {
    return false;
  }

  askForLess(): boolean {
    if (this.#limit === 1) return false;
    this.#limit = Math.floor(this.#limit / 2);
    return true;
  }
}
