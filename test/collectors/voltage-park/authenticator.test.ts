import { expect, test } from 'vitest';
import { createAuthenticator } from '../../../collectors/voltage-park/authenticator.ts';
import { voltagePark } from '../../../collectors/voltage-park/provider.ts';

const headersFor = (path: string) =>
  createAuthenticator({ token: 'se:cret' }).headers({
    nowMs: 0,
    path,
    fetchText: () => Promise.reject(new Error('nothing is asked for')),
  });

test('the token is the bearer everywhere', async () => {
  for (const path of ['/api/v1/billing/hourly-rate', '/api/v1/storage-of-another-kind']) {
    expect(await headersFor(path)).toEqual({ authorization: 'Bearer se:cret' });
  }
});

test('storage gets it in the header of the documents too', async () => {
  for (const path of ['/api/v1/storage/', '/api/v1/storage/?limit=100', '/api/v1/storage/abc']) {
    expect(await headersFor(path)).toEqual({
      authorization: 'Bearer se:cret',
      'x-api-token': 'se:cret',
    });
  }
});

test('credentials are one token', () => {
  const isValid = (value: unknown) => voltagePark.credentials.safeParse(value).success;
  expect(isValid({ token: 'x' })).toBe(true);
  expect(isValid({ token: '' })).toBe(false);
  expect(isValid({ token: 'x', key: 'y' })).toBe(false);
});
