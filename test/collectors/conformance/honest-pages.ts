/** A server's side of the paging styles: what a provider that keeps to its documents answers. */
import type { Entity, Stream } from '../../../collectors/stream.ts';
import { recordsOf } from '../../../collectors/validate-records.ts';
import type { FakeAnswer, FakeRequest } from '../../support/fake-api.ts';
import { type JsonObject, withPlace } from './specimen.ts';

/**
 * The part of a body (or of its text) that a request asks for; the server gives at most so many
 * records at once. The text of an unpaged answer goes out as it is.
 */
export function pageOf(
  stream: Stream,
  body: unknown,
  request: Pick<FakeRequest, 'headers' | 'query'>,
  recordsMax = 100,
): FakeAnswer {
  switch (stream.pagination.kind) {
    case 'unpaged':
      return { body: typeof body === 'string' ? body : JSON.stringify(body) };
    case 'ranged-data':
      return rangedPage(stream, parsed(body), request, recordsMax);
    case 'limit-offset':
      return offsetPage(stream, parsed(body), request, recordsMax);
  }
}

function rangedPage(
  stream: Stream,
  body: unknown,
  request: Pick<FakeRequest, 'headers'>,
  recordsMax: number,
): FakeAnswer {
  const range = /^start=(\d+),results=(\d+)$/.exec(`${request.headers['ranged-data'] ?? ''}`);
  if (range === null) return { status: 400, body: 'RANGED-DATA is missing' };
  const [start, results] = [Number(range[1]), Number(range[2])];
  if (results < 1 || results > 50) return { status: 400, body: 'results is 1 to 50' };
  return { body: cut(stream, body, start, Math.min(results, recordsMax)).body };
}

function offsetPage(
  stream: Stream,
  body: unknown,
  { query }: Pick<FakeRequest, 'query'>,
  recordsMax: number,
): FakeAnswer {
  const [limit, offset] = [Number(query.get('limit')), Number(query.get('offset'))];
  if (!(limit >= 1 && limit <= 100 && offset >= 0)) return { status: 422, body: 'limit or offset' };
  const given = Math.min(limit, recordsMax);
  const page = cut(stream, body, offset, given);
  const envelope = page.body as JsonObject;
  return {
    body: { ...envelope, total_result_count: page.total, has_next: offset + given < page.total },
  };
}

function cut(
  stream: Stream,
  body: unknown,
  start: number,
  length: number,
): { readonly body: unknown; readonly total: number } {
  const entity = listOf(stream);
  const records = recordsOf(entity, body);
  const page = withPlace(entity, structuredClone(body), records.slice(start, start + length));
  return { body: page, total: records.length };
}

/** The entity whose list is cut into pages. */
export function listOf(stream: Stream): Entity {
  const entity = stream.entities.find(({ records }) => records.shape === 'array');
  if (entity === undefined) throw new Error(`${stream.id} is paged and has no list`);
  return entity;
}

function parsed(body: unknown): unknown {
  return typeof body === 'string' ? JSON.parse(body) : structuredClone(body);
}
