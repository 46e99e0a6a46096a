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
  next(): PageRequest {
    return { query: {}, headers: {} };
  }

  take(): boolean {
    return true;
  }

  askForLess(): boolean {
    return false;
  }
}

/** i3D documents neither a total nor a next link: only an empty page is the end. */
class RangedData implements Pager {
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

  askForLess(): boolean {
    return false;
  }
}

class LimitOffset implements Pager {
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
    if (isEnd && this.#received !== total) {
      throw site.moved(`the listing gave ${this.#received} of ${total} records`);
    }
    return isEnd;
  }

  askForLess(): boolean {
    if (this.#limit === 1) return false;
    this.#limit = Math.floor(this.#limit / 2);
    return true;
  }
}
