import { expect, test } from 'vitest';
import { openmetalAuthenticator } from '../../../collectors/openmetal/authenticator.ts';
import { openmetal } from '../../../collectors/openmetal/provider.ts';
import type { AuthenticationContext } from '../../../collectors/provider.ts';

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

test('credentials are either a key or a client, never both', () => {
  const isValid = (value: unknown) => openmetal.credentials.safeParse(value).success;
  expect(isValid({ api_key: 'key' })).toBe(true);
  expect(isValid(CLIENT)).toBe(true);
  expect(isValid({ api_key: 'key', ...CLIENT })).toBe(false);
  expect(isValid({ client_id: 'id' })).toBe(false);
  expect(isValid({ api_key: '' })).toBe(false);
});
