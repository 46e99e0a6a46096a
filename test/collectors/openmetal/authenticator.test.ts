import { describe, expect, onTestFinished, test } from 'vitest';
import { HttpClient } from '../../../collectors/http/client.ts';
import { openmetalAuthenticator } from '../../../collectors/openmetal/authenticator.ts';
import { openmetal } from '../../../collectors/openmetal/provider.ts';
import { type AuthenticationContext, UnusableReplyError } from '../../../collectors/provider.ts';
import { CredentialsError, UnavailableError } from '../../../foundation/errors.ts';
import { FakeApi } from '../../support/fake-api.ts';
import { FAST, failure } from '../http/bench.ts';

const CLIENT = { client_id: 'id', client_secret: 'se:cret' };
const START_MS = Date.UTC(2026, 2, 2);

/** A token endpoint that counts: the first token is `token-1`, valid for an hour. */
function tokenEndpoint(status = 200) {
  const calls: { path: string; headers: Readonly<Record<string, string>> }[] = [];
  const context = (nowMs: number): AuthenticationContext => ({
    nowMs,
    path: '/v1/clouds',
    fetchText: (path, headers) => {
      calls.push({ path, headers });
      const text = JSON.stringify({ access_token: `token-${calls.length}`, expires_in: 3600 });
      return Promise.resolve({ status, text });
    },
  });
  return { calls, context };
}

test('an API key is the bearer token and asks for nothing', async () => {
  const { calls, context } = tokenEndpoint();
  const authenticator = openmetalAuthenticator({ api_key: 'key' });
  expect(await authenticator.headers(context(START_MS))).toEqual({ authorization: 'Bearer key' });
  expect(calls).toEqual([]);
});

test('an OAuth client gets its token with Basic authentication and keeps it', async () => {
  const { calls, context } = tokenEndpoint();
  const authenticator = openmetalAuthenticator(CLIENT);
  const [first, second] = await Promise.all([
    authenticator.headers(context(START_MS)),
    authenticator.headers(context(START_MS)),
  ]);
  expect(first).toEqual({ authorization: 'Bearer token-1' });
  expect(second).toEqual(first);
  expect(calls).toEqual([
    {
      path: '/v1/oauth2/token?grant_type=client_credentials',
      headers: { authorization: `Basic ${btoa('id:se:cret')}` },
    },
  ]);
});

test('a token is renewed one minute before its end and after it was refused', async () => {
  const { context } = tokenEndpoint();
  const authenticator = openmetalAuthenticator(CLIENT);
  const tokenAt = async (seconds: number) =>
    (await authenticator.headers(context(START_MS + seconds * 1000))).authorization;
  expect(await tokenAt(0)).toBe('Bearer token-1');
  expect(await tokenAt(3539)).toBe('Bearer token-1');
  expect(await tokenAt(3540)).toBe('Bearer token-2');
  authenticator.forget();
  expect(await tokenAt(3541)).toBe('Bearer token-3');
});

test('a refused client is named without its secret, and asked again the next time', async () => {
  const { calls, context } = tokenEndpoint(401);
  const authenticator = openmetalAuthenticator(CLIENT);
  const refusal = authenticator.headers(context(START_MS));
  await expect(refusal).rejects.toThrow(
    'OpenMetal refused the OAuth client (HTTP 401): check credentials.client_id and credentials.client_secret',
  );
  await expect(authenticator.headers(context(START_MS))).rejects.toThrow('HTTP 401');
  expect(calls).toHaveLength(2);
});

describe('an odd answer of the token endpoint', () => {
  const answering = (...replies: { status?: number; text: string }[]): AuthenticationContext => {
    let asked = 0;
    return {
      nowMs: START_MS,
      path: '/v1/clouds',
      fetchText: () => {
        const { status = 200, text } = replies[Math.min(asked++, replies.length - 1)] ?? {
          text: '',
        };
        return Promise.resolve({ status, text });
      },
    };
  };

  test.each([
    ['a cut body', 200, '{"access_token":"tok'],
    ['a web page', 200, '<html>Sign in</html>'],
    ['no token', 200, '{"token_type":"Bearer"}'],
    ['a token that no header can carry', 200, '{"access_token":"a\\nb"}'],
    ['the page of a firewall', 403, '<html>Request blocked</html>'],
    ['an address that is not there', 404, '{"message":"Not Found"}'],
    ['an empty success', 204, ''],
  ])('is not blamed on the credentials: %s', async (_, status, text) => {
    const refusal = openmetalAuthenticator(CLIENT).headers(answering({ status, text }));
    const error = await failure(refusal, UnusableReplyError);
    expect(error.message).toBe(`HTTP ${status} without a token from OpenMetal`);
  });

  test.each([
    [401, '<html>'],
    [400, '{"error":"invalid_client"}'],
    [403, '{"error":"unauthorized_client"}'],
  ])('is a matter of the credentials when it says so: %i', async (status, text) => {
    const refusal = openmetalAuthenticator(CLIENT).headers(answering({ status, text }));
    await failure(refusal, CredentialsError);
  });

  test.each([
    ['no lifetime', '{"access_token":"t"}', 3_600],
    ['a lifetime as text', '{"access_token":"t","expires_in":"7200"}', 7_200],
    ['a lifetime that makes no sense', '{"access_token":"t","expires_in":-1}', 3_600],
    ['a lifetime of 30 years', '{"access_token":"t","expires_in":1e9}', 3_600],
  ])('brings a token: %s', async (_, text, seconds) => {
    const authenticator = openmetalAuthenticator(CLIENT);
    const context = answering({ text }, { text: '{"access_token":"next"}' });
    const tokenAt = async (afterSeconds: number) =>
      (await authenticator.headers({ ...context, nowMs: START_MS + afterSeconds * 1000 }))
        .authorization;
    expect(await tokenAt(0)).toBe('Bearer t');
    expect(await tokenAt(seconds - 61)).toBe('Bearer t');
    expect(await tokenAt(seconds - 60)).toBe('Bearer next');
  });

  test('is asked for again by the client, with the request after it', async () => {
    const api = await FakeApi.start();
    const client = new HttpClient({
      accountId: 'om',
      baseUrl: api.baseUrl,
      provider: openmetal,
      credentials: CLIENT,
      settings: FAST,
      nowMs: () => START_MS,
    });
    onTestFinished(async () => {
      await client.close();
      await api.close();
    });
    const html = { headers: { 'content-type': 'text/html' }, body: '<html>' };
    api.script('/v1/oauth2/token', [
      html,
      { body: '{"access_to' },
      { body: { access_token: 't' } },
    ]);
    api.route('/v1/clouds', () => ({ body: [] }));
    const counters = { requests: 0, retries: 0 };
    expect((await client.send({ path: '/v1/clouds' }, { counters })).status).toBe(200);
    expect(counters).toEqual({ requests: 4, retries: 2 });
    api.script('/v1/oauth2/token', [html]);
    api.route('/v1/clouds', () => ({ status: 401 })); // the token is forgotten
    const error = await failure(
      client.send({ path: '/v1/clouds' }, { counters }),
      UnavailableError,
    );
    expect(error.message).toContain('the sign-in got HTTP 200 without a token from OpenMetal');
  });
});

test('credentials are either a key or a client, never both', () => {
  const isValid = (value: unknown) => openmetal.credentials.safeParse(value).success;
  expect(isValid({ api_key: 'key' })).toBe(true);
  expect(isValid(CLIENT)).toBe(true);
  expect(isValid({ api_key: 'key', ...CLIENT })).toBe(false);
  expect(isValid({ client_id: 'id' })).toBe(false);
  expect(isValid({ api_key: '' })).toBe(false);
});
