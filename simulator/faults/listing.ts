/** Listings gone wrong: what is asked of the provider instead, and rows that are not as they are. */
import type { SimulatedRequest, SimulatedResponse } from '../provider.ts';
import { readExactJson, writeExactJson } from './exact-json.ts';

/** A page so small that every fleet needs several. */
const SMALL_PAGE_RECORDS = 3;

/** i3D pages by header, Voltage Park by query; the other two hosts do not page. */
export function isPaged(request: SimulatedRequest): boolean {
  return request.headers['ranged-data'] !== undefined || request.query.has('limit');
}

/** The provider hands out its own small pages, whatever is asked for. */
export function withSmallPages(request: SimulatedRequest): SimulatedRequest {
  return withPaging(request, (start) => ({ start, records: SMALL_PAGE_RECORDS }));
}

/** The provider does not look at the paging at all: it always gives its first page. */
export function withoutPaging(request: SimulatedRequest): SimulatedRequest {
  const query = new URLSearchParams(request.query);
  query.delete('limit');
  query.delete('offset');
  return { ...request, query, headers: { ...request.headers, 'ranged-data': undefined } };
}

/** Rows moved by `rows` places since the page before was read; the first page stays as it is. */
export function withRowsMoved(request: SimulatedRequest, rows: number): SimulatedRequest {
  return withPaging(request, (start, records) => ({
    start: start === 0 ? 0 : start + rows,
    records,
  }));
}

function withPaging(
  request: SimulatedRequest,
  change: (start: number, records: number) => { start: number; records: number },
): SimulatedRequest {
  const range = /^start=(\d+),results=(\d+)$/.exec(request.headers['ranged-data'] ?? '');
  if (range !== null) {
    const { start, records } = change(Number(range[1]), Number(range[2]));
    const header = `start=${start},results=${records}`;
    return { ...request, headers: { ...request.headers, 'ranged-data': header } };
  }
  if (!request.query.has('limit')) return request;
  const query = new URLSearchParams(request.query);
  const { start, records } = change(
    Number(query.get('offset') ?? 0),
    Number(query.get('limit') ?? 0),
  );
  query.set('offset', `${start}`);
  query.set('limit', `${records}`);
  return { ...request, query };
}

/** The same answer with no rows, and totals that fit: a lie. Null when it is no listing with rows. */
export function emptied(response: SimulatedResponse): SimulatedResponse | null {
  return withRows(response, () => []);
}

/** The last row comes twice in one page. Null when there is none. */
export function withRowRepeated(response: SimulatedResponse): SimulatedResponse | null {
  return withRows(response, (rows) => [...rows, rows.at(-1)]);
}

function withRows(
  response: SimulatedResponse,
  change: (rows: readonly unknown[]) => unknown[],
): SimulatedResponse | null {
  if (response.status !== 200) return null;
  const body = readExactJson(response.body);
  if (Array.isArray(body)) {
    return body.length === 0 ? null : { ...response, body: writeExactJson(change(body)) };
  }
  const envelope = body as { results?: unknown; has_next?: unknown };
  if (!Array.isArray(envelope.results) || envelope.results.length === 0) return null;
  const rows = change(envelope.results);
  const totals = rows.length === 0 ? { total_result_count: 0, has_next: false } : {};
  return { ...response, body: writeExactJson({ ...envelope, ...totals, results: rows }) };
}
