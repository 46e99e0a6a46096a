/** Who may read what: keys and tokens. */
import { expect, test } from 'vitest';
import { Account, HOUR_MS, START_MS } from './support.ts';

const TOKEN_PATH = '/v1/oauth2/token?grant_type=client_credentials';
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

test('private paths want a token, public ones do not', () => {
  const account = new Account();
  for (const path of ['/v1/clouds', '/v1/orders', '/v1/prefixes', '/v1/accounts/profile']) {
    expect(account.status(path, '')).toBe(401);
    expect(account.status(path, 'Bearer wrong')).toBe(401);
    expect(account.status(path)).toBe(200);
  }
  for (const path of ['/v1/products', '/v2/inventory/locations']) {
    expect(account.status(path, '')).toBe(200);
  }
  expect(account.status('/v2/inventory/pod_3/availability', '')).toBe(200);
  expect(account.status('/v2/inventory/pod_9/availability', '')).toBe(400);
  expect(account.status('/v1/products?location=pod_9', '')).toBe(400);
  expect(account.status('/v1/clouds/unknown')).toBe(404);
  expect(account.status('/v1/invoices')).toBe(404);
});

test('a client credentials token works for four hours of the virtual clock', () => {
  const account = new Account();
  const response = account.call(TOKEN_PATH, basic('client:secret'));
  const token = JSON.parse(response.body);
  expect(token).toEqual({
    access_token: expect.stringMatching(/^eyJ/),
    scope: 'https://api.central.openmetal.io/v1/*',
    expires_in: 14400,
    token_type: 'bearer',
  });
  const bearer = `Bearer ${token.access_token}`;
  expect(account.status('/v1/clouds', bearer)).toBe(200);
  account.clock.advanceTo(START_MS + 4 * HOUR_MS - 1);
  expect(account.status('/v1/clouds', bearer)).toBe(200);
  account.clock.advanceTo(START_MS + 4 * HOUR_MS);
  expect(account.status('/v1/clouds', bearer)).toBe(401);
});

test('the token call refuses wrong clients and wrong grants', () => {
  const account = new Account();
  expect(account.status(TOKEN_PATH, basic('client:wrong'))).toBe(401);
  expect(account.status(TOKEN_PATH, '')).toBe(401);
  const wrongGrant = '/v1/oauth2/token?grant_type=password';
  expect(account.status(wrongGrant, basic('client:secret'))).toBe(400);
});
