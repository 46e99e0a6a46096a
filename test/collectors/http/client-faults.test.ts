import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../../collectors/http/faults.ts';
import {
  CredentialsError,
  ProviderError,
  UnavailableError,
  WaitAskedError,
} from '../../../foundation/errors.ts';
import type { FakeAnswer } from '../../support/fake-api.ts';
import { CANARY, failure, it, provider } from './bench.ts';

const GOOD = { body: { good: true } };
const THINGS = { path: '/things' };

describe('a fault that may pass', () => {
  const faults: Record<string, FakeAnswer> = {
    'a 429': { status: 429 },
    'a 500': { status: 500 },
    'a 502 in HTML': { status: 502, headers: { 'content-type': 'text/html' }, body: '<p>Bad' },
    'a 503': { status: 503 },
    'a 504': { status: 504 },
    'a 522 of a content network': { status: 522 },
    'a connection closed without an answer': { destroy: true },
    'a body shorter than announced': { body: { long: 'text' }, cutAfterBytes: 3 },
    'a chunked body that breaks off': { body: { long: 'x' }, isChunked: true, cutAfterBytes: 3 },
    'a compressed body that ends early': {
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync('{"results":[1,2,3]}').subarray(0, 15),
    },
  };
  for (const [name, fault] of Object.entries(faults)) {
    it(`${name} is tried again`, async ({ api, connect, counters }) => {
      api.script('/things', [fault, fault, GOOD]);
      const answer = await connect().send(THINGS, { counters });
      expect(answer.text).toBe('{"good":true}');
      expect(counters).toEqual({ requests: 3, retries: 2 });
    });

    it(`${name} that lasts makes the provider unavailable`, async ({ api, connect, counters }) => {
      api.script('/things', [fault]);
      const error = await failure(connect().send(THINGS, { counters }), UnavailableError);
      expect(error.message).toMatch(/^account acme-main: .* after 3 attempts \[GET \/things\]: /);
      expect(error).toMatchObject({ code: 'unavailable', exitCode: 3 });
      expect(error.request).toMatchObject({ status: fault.status ?? null, attempts: 3 });
      expect(counters).toEqual({ requests: 3, retries: 2 });
    });
  }

  it('repeats a POST with its body', async ({ api, connect, counters }) => {
    api.script('/things', [{ destroy: true }, GOOD]);
    const request = { ...THINGS, method: 'POST', body: '{"page":1}' } as const;
    await connect().send(request, { counters });
    expect(api.requests.map(({ body }) => body)).toEqual(['{"page":1}', '{"page":1}']);
  });

  it('quotes the provider on one line, clipped', async ({ api, connect, counters }) => {
    api.route('/things', () => ({
      status: 503,
      body: { detail: `try\n later ${'z'.repeat(999)}` },
    }));
    const error = await failure(connect().send(THINGS, { counters }), UnavailableError);
    expect(error.message).toContain('Acme answered HTTP 503 "try later zzz');
    expect(error.message).toContain('zzz…"');
    expect(error.message.length).toBeLessThan(450);
    expect(error.message).not.toContain('\n');
  });
});

describe('a provider that cannot be reached', () => {
  it('is named with the reason', async ({ api, connect, counters }) => {
    const { baseUrl } = api;
    await api.close();
    const error = await failure(connect({ baseUrl }).send(THINGS, { counters }), UnavailableError);
    expect(error.message).toContain(
      `account acme-main: cannot reach ${baseUrl} (ECONNREFUSED) after 3 attempts`,
    );
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is named with the reason when its name is unknown', async ({ connect, counters }) => {
    const client = connect({ baseUrl: 'https://acme.invalid' });
    const error = await failure(client.send(THINGS, { counters }), UnavailableError);
    expect(error.message).toMatch(/cannot reach https:\/\/acme\.invalid \((ENOTFOUND|EAI_AGAIN)\)/);
  });

  it('is given up when it does not finish the connection', async ({ connect, counters }) => {
    const mute = createServer();
    await new Promise<void>((resolve) => {
      mute.listen(0, '127.0.0.1', resolve);
    });
    const { port } = mute.address() as { port: number };
    const client = connect({
      baseUrl: `https://127.0.0.1:${port}`,
      settings: { connectTimeoutMs: 20, attemptsMax: 1 },
    });
    const error = await failure(client.send(THINGS, { counters }), UnavailableError);
    expect(error.message).toContain('(UND_ERR_CONNECT_TIMEOUT)');
    mute.close();
  });

  it('is given up when its answer does not begin, or stops', async ({ api, connect, counters }) => {
    api.route('/slow', () => new Promise<FakeAnswer>(() => undefined));
    api.route('/stuck', () => ({ headers: { 'content-length': '99' }, isChunked: true }));
    const client = connect({
      settings: { headersTimeoutMs: 20, bodyTimeoutMs: 20, attemptsMax: 1 },
    });
    const [slow, stuck] = await Promise.all([
      failure(client.send({ path: '/slow' }, { counters }), UnavailableError),
      failure(client.send({ path: '/stuck' }, { counters }), UnavailableError),
    ]);
    expect(slow.message).toContain('did not answer in time (UND_ERR_HEADERS_TIMEOUT)');
    expect(stuck.message).toContain('in the middle of an answer (UND_ERR_BODY_TIMEOUT)');
  });

  it('does not speak HTTP', async ({ connect, counters }) => {
    const babble = createServer((socket) => socket.end(`${CANARY}\r\n\r\n`));
    await new Promise<void>((resolve) => {
      babble.listen(0, '127.0.0.1', resolve);
    });
    const { port } = babble.address() as { port: number };
    const client = connect({ baseUrl: `http://127.0.0.1:${port}` });
    const error = await failure(client.send(THINGS, { counters }), UnavailableError);
    expect(error.message).toContain('does not speak HTTP after 3 attempts');
    expect(inspect(error, { depth: 9 })).not.toContain(CANARY);
    babble.close();
  });

  it('redirects: that is followed by nobody', async ({ api, connect, counters }) => {
    api.route('/things', () => ({
      status: 307,
      headers: { location: `/things/?token=${CANARY}` },
    }));
    const error = await failure(connect().send(THINGS, { counters }), UnavailableError);
    expect(error.message).toContain(`redirects to ${api.baseUrl}/things/ (HTTP 307)`);
    expect(error.message).not.toContain(CANARY);
    expect(api.requests).toHaveLength(1);
  });
});

describe('a provider that has moved for good', () => {
  it.for([301, 308])(
    'is named with the base_url that mends it (%i)',
    async (status, { api, connect, counters }) => {
      api.route('/v2/things', () => ({
        status,
        headers: { location: `https://api.example.com/v3/things?token=${CANARY}` },
      }));
      const client = connect({ baseUrl: `${api.baseUrl}/v2` });
      const error = await failure(client.send(THINGS, { counters }), UnavailableError);
      expect(error.message).toMatch(
        new RegExp(
          `^account acme-main: .* has moved for good \\(HTTP ${status}\\) \\[GET /things\\]: ` +
            'set base_url of the account acme-main to https://api\\.example\\.com/v3, ' +
            "if that is the provider's own address$",
        ),
      );
      expect(error.message).not.toContain(CANARY);
      expect(api.requests).toHaveLength(1);
    },
  );

  it('is not named where no base_url would mend it', async ({ api, connect, counters }) => {
    for (const location of ['/things/', '/things', 'https://login.example.com/', ':', undefined]) {
      api.route('/things', () => ({
        status: 301,
        headers: location === undefined ? {} : { location },
      }));
      const error = await failure(connect().send(THINGS, { counters }), UnavailableError);
      expect(error.message).toContain('the provider redirects to ');
      expect(error.message).not.toContain('set base_url');
    }
  });
});

describe('Retry-After', () => {
  it('is waited for before the next attempt', async ({ api, connect, counters }) => {
    api.script('/things', [{ status: 429, headers: { 'retry-after': '0.06' } }, GOOD]);
    await connect().send(THINGS, { counters });
    const [first, second] = api.requests;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(58);
  });

  it('is waited for by the other users of the client', async ({ api, connect, counters }) => {
    api.script('/things', [{ status: 429, headers: { 'retry-after': '0.06' } }]);
    api.route('/others', () => GOOD);
    const client = connect({ settings: { attemptsMax: 1 } });
    await failure(client.send(THINGS, { counters }), UnavailableError);
    await client.send({ path: '/others' }, { counters });
    const [first, second] = api.requests;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(58);
  });

  it('longer than the limit is waited for by nobody: a year stops nothing', async ({
    api,
    connect,
    counters,
  }) => {
    api.route('/things', () => ({ status: 429, headers: { 'retry-after': '31536000' } }));
    api.route('/others', () => GOOD);
    const client = connect();
    const error = await failure(client.send(THINGS, { counters }), WaitAskedError);
    expect(error.message).toContain('Acme answered HTTP 429 and asks for a wait of 31536000 s');
    expect(counters).toEqual({ requests: 1, retries: 0 });
    expect((await client.send({ path: '/others' }, { counters })).status).toBe(200);
  });

  test('is understood as seconds and as a date on the server clock', () => {
    const date = 'Sun, 01 Nov 2026 00:00:00 GMT';
    const later = 'Sun, 01 Nov 2026 00:00:07 GMT';
    const nowMs = Date.parse('2026-11-01T00:00:05Z');
    expect(retryAfterMs({ 'retry-after': '7' }, nowMs)).toBe(7000);
    expect(retryAfterMs({ 'retry-after': later, date }, nowMs)).toBe(7000);
    expect(retryAfterMs({ 'retry-after': later }, nowMs)).toBe(2000);
    expect(retryAfterMs({ 'retry-after': date }, nowMs)).toBe(0);
    expect(retryAfterMs({ 'retry-after': 'soon' }, nowMs)).toBe(0);
    expect(retryAfterMs({}, nowMs)).toBe(0);
  });
});

describe('a secret', () => {
  it('is in no error, whatever the provider echoes', async ({ api, connect, counters }) => {
    const minted = 'minted-51e0a7';
    const tokens = provider(() => ({
      headers: () => Promise.resolve({ authorization: `Bearer ${minted}` }),
      forget: () => undefined,
    }));
    const answers: FakeAnswer[] = [401, 429, 500, 302].map((status) => ({
      status,
      headers: { location: `https://${CANARY}.invalid/${CANARY}` },
      body: { detail: `key ${CANARY} and token ${minted} refused` },
    }));
    for (const answer of [...answers, { destroy: true }]) {
      api.script('/things', [answer]);
      const client = connect({ provider: tokens });
      const error = await failure(client.send(THINGS, { counters }), ProviderError);
      const spoken = inspect(error, { depth: 9 }) + JSON.stringify(error);
      expect(spoken).not.toContain(CANARY);
      expect(spoken).not.toContain(minted);
    }
  });

  it('is in no error of an authenticator that fails', async ({ connect, counters }) => {
    const broken = provider(() => ({
      headers: () => Promise.reject(new SyntaxError(`Unexpected token in "${CANARY}"`)),
      forget: () => undefined,
    }));
    const client = connect({ provider: broken });
    const error = await failure(client.send(THINGS, { counters }), CredentialsError);
    expect(error.message).toContain('cannot sign in at Acme (SyntaxError)');
    expect(inspect(error, { depth: 9 })).not.toContain(CANARY);
  });
});
