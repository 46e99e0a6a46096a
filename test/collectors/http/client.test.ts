import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import type { Credentials } from '../../../collectors/provider.ts';
import { ContractError, CredentialsError, UsageError } from '../../../foundation/errors.ts';
import { CANARY, failure, it, provider } from './bench.ts';

describe('a request', () => {
  it('carries the method, path, query, body and proof of identity', async ({
    api,
    connect,
    counters,
  }) => {
    api.route('/prefix/things/', () => ({ body: { ok: true } }));
    const client = connect({ baseUrl: `${api.baseUrl}/prefix/` });
    const answer = await client.send(
      { method: 'POST', path: '/things/', query: { a: '1 &2' }, body: '{"x":1}' },
      { counters, headers: { 'ranged-data': 'start=0,results=5' } },
    );
    expect(answer).toMatchObject({ status: 200, text: '{"ok":true}' });
    expect(answer.headers['content-type']).toBe('application/json');
    const [request] = api.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/prefix/things/', body: '{"x":1}' });
    expect(request?.query.get('a')).toBe('1 &2');
    expect(request?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
      'private-token': CANARY,
      'ranged-data': 'start=0,results=5',
    });
    expect(counters).toEqual({ requests: 1, retries: 0 });
  });

  it('to a public endpoint shows no key', async ({ api, connect, counters }) => {
    api.route('/public', () => ({}));
    await connect().send({ path: '/public' }, { counters, isPublic: true });
    expect(JSON.stringify(api.requests[0]?.headers)).not.toContain(CANARY);
  });

  it('uses the connection of the one before it', async ({ api, connect, counters }) => {
    api.route('/things', () => ({}));
    const client = connect({ settings: { connections: 1 } });
    for (let count = 0; count < 3; count += 1) await client.send({ path: '/things' }, { counters });
    expect(api.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  it('never opens more connections than set', async ({ api, connect, counters }) => {
    api.route('/things', () => ({ delayMs: 5 }));
    const client = connect({ settings: { connections: 2 } });
    await Promise.all(
      Array.from({ length: 6 }, () => client.send({ path: '/things' }, { counters })),
    );
    expect(new Set(api.requests.map(({ connection }) => connection)).size).toBe(2);
    expect(counters.requests).toBe(6);
  });

  it('returns answers that only its caller can judge', async ({ api, connect, counters }) => {
    const client = connect();
    for (const status of [204, 400, 403, 404, 422]) {
      api.route('/things', () => ({ status, body: '{}' }));
      expect((await client.send({ path: '/things' }, { counters })).status).toBe(status);
    }
    expect(counters).toEqual({ requests: 5, retries: 0 });
  });

  for (const [when, abortAfterMs, settings] of [
    ['under way', 0, {}],
    ['waiting for its next attempt', 30, { retryDelayMsMin: 60_000, retryDelayMsMax: 60_000 }],
    ['waiting for its turn', 30, { requestsPerSecond: 0.01 }],
  ] as const) {
    it(`${when} stops with the reason of its signal, at once`, async ({
      api,
      connect,
      counters,
    }) => {
      const stop = new AbortController();
      const reason = new Error('shutting down');
      api.route('/things', () => {
        setTimeout(() => stop.abort(reason), abortAfterMs);
        return { status: 503, ...(abortAfterMs === 0 ? { delayMs: 5000 } : {}) };
      });
      const sending = connect({ settings }).send(
        { path: '/things' },
        { counters, signal: stop.signal },
      );
      expect(await failure(sending, Error)).toBe(reason);
      expect(api.requests).toHaveLength(1);
    });
  }
});

describe('a body', () => {
  it('may be compressed', async ({ api, connect, counters }) => {
    const text = JSON.stringify({ results: Array(1000).fill('ä') });
    api.route('/things', ({ headers }) => ({
      headers: { 'content-encoding': String(headers['accept-encoding']) },
      body: gzipSync(text),
    }));
    expect((await connect().send({ path: '/things' }, { counters })).text).toBe(text);
  });

  for (const [how, answer] of [
    ['as it comes', { body: 'x'.repeat(1001) }],
    ['in chunks', { body: 'x'.repeat(1001), isChunked: true }],
    ['decompressed', { body: gzipSync('x'.repeat(1001)), headers: { 'content-encoding': 'gzip' } }],
  ] as const) {
    it(`beyond the limit (${how}) is refused without a retry`, async ({
      api,
      connect,
      counters,
    }) => {
      api.route('/things', () => answer);
      const client = connect({ settings: { bodyBytesMax: 1000 } });
      const error = await failure(client.send({ path: '/things' }, { counters }), ContractError);
      expect(error.message).toContain('larger than 1000 bytes');
      expect(counters).toEqual({ requests: 1, retries: 0 });
    });
  }

  it('of exactly the limit is taken', async ({ api, connect, counters }) => {
    api.route('/things', () => ({ body: 'x'.repeat(1000) }));
    const client = connect({ settings: { bodyBytesMax: 1000 } });
    expect((await client.send({ path: '/things' }, { counters })).text).toHaveLength(1000);
  });

  it('in an encoding that was not asked for, or not in UTF-8, is refused', async ({
    api,
    connect,
    counters,
  }) => {
    api.script('/things', [
      { headers: { 'content-encoding': 'br' }, body: 'zz' },
      { body: Buffer.from([0x22, 0xe4, 0x22]) },
    ]);
    const client = connect();
    const encoded = await failure(client.send({ path: '/things' }, { counters }), ContractError);
    expect(encoded.message).toContain('content-encoding that was not asked for');
    const latin1 = await failure(client.send({ path: '/things' }, { counters }), ContractError);
    expect(latin1.message).toContain('not UTF-8');
  });
});

describe('an identity', () => {
  /** Fetches a token that it keeps until told to forget it. */
  function tokenProvider() {
    return provider(({ api_key = '' }: Credentials) => {
      let token: string | null = null;
      return {
        headers: async ({ fetchText }) => {
          token ??= (await fetchText('/token', { 'x-key': api_key })).text;
          return { authorization: `Bearer ${token}` };
        },
        forget: () => {
          token = null;
        },
      };
    });
  }

  it('is fetched once, and again after one 401', async ({ api, connect, counters }) => {
    api.script('/token', [{ body: 'old-token' }, { body: 'new-token' }]);
    api.route('/things', ({ headers }) => ({
      status: headers.authorization === 'Bearer new-token' ? 200 : 401,
    }));
    const client = connect({ provider: tokenProvider() });
    expect((await client.send({ path: '/things' }, { counters })).status).toBe(200);
    expect((await client.send({ path: '/things' }, { counters })).status).toBe(200);
    const paths = api.requests.map(({ path }) => path);
    expect(paths).toEqual(['/token', '/things', '/token', '/things', '/things']);
    expect(api.requests[0]?.headers['x-key']).toBe(CANARY);
    expect(counters).toEqual({ requests: 5, retries: 1 });
  });

  it('that is refused twice is a matter of credentials', async ({ api, connect, counters }) => {
    api.route('/things', () => ({ status: 401, body: { detail: 'expired' } }));
    const sending = connect().send({ path: '/things?x=1' }, { counters, streamId: 'acme.thing' });
    const error = await failure(sending, CredentialsError);
    expect(error.message).toBe(
      'account acme-main: Acme refused the key (HTTP 401 "expired") [stream acme.thing, GET /things]: ' +
        "check credentials.api_key in the configuration, and the key's expiry and IP allow-list",
    );
    expect(error).toMatchObject({ code: 'credentials', exitCode: 3, request: { status: 401 } });
    expect(counters).toEqual({ requests: 2, retries: 1 });
  });

  it('survives a token endpoint that is down for a moment', async ({ api, connect, counters }) => {
    api.script('/token', [{ status: 503 }, { destroy: true }, { body: 'token' }]);
    api.route('/things', () => ({}));
    await connect({ provider: tokenProvider() }).send({ path: '/things' }, { counters });
    expect(counters).toEqual({ requests: 4, retries: 2 });
  });

  it('that no header can carry is a matter of credentials', async ({ connect, counters }) => {
    const client = connect({ credentials: { api_key: `${CANARY}\n` } });
    const error = await failure(client.send({ path: '/things' }, { counters }), CredentialsError);
    expect(error.message).toContain('cannot sign in at Acme (ERR_INVALID_CHAR)');
    expect(counters.requests).toBe(0);
  });
});

describe('a base address', () => {
  for (const baseUrl of [
    'nonsense',
    'ftp://host',
    `https://user:${CANARY}@host`,
    `https://:${CANARY}@host`,
    'https://h/?a=1',
  ]) {
    it(`such as ${baseUrl.replace(CANARY, '…')} is a mistake in the configuration`, async ({
      connect,
    }) => {
      const error = await failure((async () => connect({ baseUrl }))(), UsageError);
      expect(error.message).toContain('account acme-main: base_url must be');
      expect(error.message).not.toContain(CANARY);
      expect(error.exitCode).toBe(2);
    });
  }
});
