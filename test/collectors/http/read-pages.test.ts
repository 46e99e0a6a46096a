import { inspect } from 'node:util';
import { describe, expect } from 'vitest';
import {
  ContractError,
  CredentialsError,
  ProviderError,
  RefusedError,
  UnavailableError,
} from '../../../foundation/errors.ts';
import type { FakeAnswer } from '../../support/fake-api.ts';
import { CANARY, failure, it, read, stream } from './bench.ts';

describe('an unpaged stream', () => {
  it('is one answer, handed over as it was written', async ({ api, connect, counters }) => {
    const text = '{"results":[{"id":"a","cost":1.10},{"id":"a"}]}';
    api.route('/things', () => ({ body: text }));
    const reading = await read(connect(), counters, stream());
    expect(reading).toMatchObject({ outcome: 'complete', pages: 1, message: null });
    expect(reading.read).toEqual([{ text, body: JSON.parse(text) }]);
    expect(counters).toEqual({ requests: 1, retries: 0 });
  });

  it('asks what the stream declares', async ({ api, connect, counters }) => {
    api.route('/things', () => ({ body: { results: [] } }));
    const declared = stream({
      isPublic: true,
      request: () => ({ method: 'POST', path: '/things', query: { month: '10' }, body: '{}' }),
    });
    await read(connect(), counters, declared);
    const [request] = api.requests;
    expect(request).toMatchObject({ method: 'POST', body: '{}' });
    expect(request?.query.toString()).toBe('month=10');
    expect(request?.headers['private-token']).toBeUndefined();
  });

  it('loses its redacted fields before anybody sees it', async ({ api, connect, counters }) => {
    api.route('/things', () => ({ body: { results: [{ id: 'a', password: CANARY }] } }));
    const declared = stream({ redactedFields: ['password'] });
    const reading = await read(connect(), counters, declared);
    expect(reading.read).toEqual([
      { text: '{"results":[{"id":"a"}]}', body: { results: [{ id: 'a' }] } },
    ]);
  });
});

describe('an answer that is no listing', () => {
  it('is asked for again when it is no whole JSON', async ({ api, connect, counters }) => {
    api.script('/things', [{ body: '{"results":[' }, { body: '' }, { body: '{"results":[]}' }]);
    const reading = await read(connect(), counters, stream());
    expect(reading).toMatchObject({ outcome: 'complete', pages: 1 });
    expect(counters).toEqual({ requests: 3, retries: 2 });
  });

  it('breaks the contract when it stays no JSON, and is not quoted', async ({
    api,
    connect,
    counters,
  }) => {
    api.route('/things', () => ({ body: `${CANARY}` }));
    const error = await failure(read(connect(), counters, stream()), ContractError);
    expect(error.message).toContain('account acme-main: the answer of 19 characters is no JSON');
    expect(error.message).toContain('[stream acme.thing, GET /things]');
    expect(inspect(error, { depth: 9 })).not.toContain(CANARY);
    expect(counters.requests).toBe(3);
  });

  for (const [name, answer, words] of [
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '[]' }, 'HTTP 200 with text/html'],
    ['nothing', { status: 204, headers: { 'content-type': '' }, body: '' }, 'no content type'],
  ] as const) {
    it(`is asked for again, and breaks the contract when it stays ${name}`, async ({
      api,
      connect,
      counters,
    }) => {
      api.route('/things', () => answer);
      const error = await failure(read(connect(), counters, stream()), ContractError);
      expect(error.message).toContain(words);
      expect(counters).toEqual({ requests: 3, retries: 2 });
      api.script('/things', [answer, { body: { results: [] } }]);
      expect((await read(connect(), counters, stream())).outcome).toBe('complete');
    });
  }

  for (const type of ['application/json; charset=utf-8', 'application/problem+json']) {
    it(`is none of ${type}`, async ({ api, connect, counters }) => {
      api.route('/things', () => ({ headers: { 'content-type': type }, body: { results: [] } }));
      expect((await read(connect(), counters, stream())).outcome).toBe('complete');
    });
  }
});

describe('a refusal', () => {
  it('that the stream tolerates is its outcome', async ({ api, connect, counters }) => {
    const tolerant = stream({ tolerated: { 403: 'denied', 404: 'absent' } });
    const answers: FakeAnswer[] = [{ status: 403, body: { detail: 'no' } }, { status: 404 }];
    api.script('/things', [answers[0] ?? {}, answers[1] ?? {}]);
    const client = connect();
    expect(await read(client, counters, tolerant)).toMatchObject({
      outcome: 'denied',
      pages: 0,
      message: 'Acme answered HTTP 403 "no"',
      read: [],
    });
    expect(await read(client, counters, tolerant)).toMatchObject({ outcome: 'absent', pages: 0 });
  });

  for (const [status, kind] of [
    [401, CredentialsError],
    [403, RefusedError],
  ] as const) {
    it(`of ${status} is the ${status === 401 ? 'key' : 'endpoint'}'s`, async ({
      api,
      connect,
      counters,
    }) => {
      api.route('/things', () => ({ status }));
      const error = await failure(read(connect(), counters, stream()), ProviderError);
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toContain(`account acme-main: Acme refused the key (HTTP ${status})`);
      expect(error.message).toContain('[stream acme.thing, GET /things]');
    });
  }

  for (const status of [400, 404, 422]) {
    it(`of ${status} breaks the contract`, async ({ api, connect, counters }) => {
      api.route('/things', () => ({ status, body: { detail: 'what is this' } }));
      const error = await failure(read(connect(), counters, stream()), ContractError);
      expect(error.message).toContain(`Acme answered HTTP ${status} "what is this"`);
      expect(error.request?.status).toBe(status);
    });
  }

  for (const status of [401, 403]) {
    it(`of ${status} where no key is needed breaks the contract`, async ({
      api,
      connect,
      counters,
    }) => {
      api.route('/things', () => ({ status }));
      const sweep = read(connect(), counters, stream({ isPublic: true }));
      expect((await failure(sweep, ContractError)).message).toContain(`HTTP ${status}`);
      expect(counters.requests).toBe(1);
    });
  }
});

describe('a limit', () => {
  const endless = stream({ pagination: { kind: 'ranged-data', recordsPerPage: 1 } });

  it('on pages ends a listing without end', async ({ api, connect, counters }) => {
    let asked = 0;
    api.route('/things', () => ({ body: { results: [{ id: `${asked++}` }] } }));
    const sweep = read(connect(), counters, endless, { pagesMax: 3 });
    expect((await failure(sweep, ContractError)).message).toContain('more than 3 pages');
    expect(counters.requests).toBe(3);
  });

  it('on time ends a listing in the middle of a request', async ({ api, connect, counters }) => {
    api.script('/things', [
      { body: { results: [{ id: 'a' }] } },
      { body: { results: [] }, delayMs: 5000 },
    ]);
    const sweep = read(connect(), counters, endless, { sweepMsMax: 60 });
    const error = await failure(sweep, UnavailableError);
    expect(error.message).toContain('the listing took longer than 60 ms [stream acme.thing');
    expect(counters.requests).toBe(2);
  });

  it('set by the caller ends it with the caller’s reason', async ({ api, connect, counters }) => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    api.route('/things', () => {
      stop.abort(reason);
      return { delayMs: 5000 };
    });
    const sweep = read(connect(), counters, endless, { signal: stop.signal });
    expect(await failure(sweep, Error)).toBe(reason);
  });

  it('is not the reader’s when the page’s taker fails', async ({ api, connect, counters }) => {
    api.route('/things', () => ({ body: { results: [] } }));
    const reason = new Error('disk full');
    const seen = Object.assign([], {
      push: () => {
        throw reason;
      },
    });
    expect(await failure(read(connect(), counters, stream(), { seen }), Error)).toBe(reason);
    expect(counters.requests).toBe(1);
  });
});
