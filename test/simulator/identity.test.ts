/** Goal: two keys of one account are told to be one by what the providers say of the customer. */
import { expect, test } from 'vitest';
import {
  SECOND_CREDENTIALS,
  SIMULATED_CREDENTIALS,
  startSimulation,
} from '../../simulator/simulation.ts';

const START_MS = Date.UTC(2026, 7, 1);

type Keys = typeof SIMULATED_CREDENTIALS | typeof SECOND_CREDENTIALS;

async function identities(urls: Readonly<Record<string, string>>, keys: Keys): Promise<unknown[]> {
  const ask = async (url: string, headers: Record<string, string>): Promise<unknown> => {
    const response = await fetch(url, { headers });
    if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
    return response.json();
  };
  const { client_id, client_secret } = keys.openmetal;
  const pair = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
  const token = (await ask(`${urls.openmetal}/v1/oauth2/token?grant_type=client_credentials`, {
    authorization: `Basic ${pair}`,
  })) as { access_token: string };
  return Promise.all([
    ask(`${urls.i3d}/v3/account/details`, { 'PRIVATE-TOKEN': keys.i3d.api_key }),
    ask(`${urls['voltage-park']}/api/v1/organization/`, {
      authorization: `Bearer ${keys['voltage-park'].token}`,
    }),
    ask(`${urls.fluence}/v1/users/me`, { 'X-API-KEY': keys.fluence.api_key }),
    ask(`${urls.openmetal}/v1/accounts/profile`, { authorization: `Bearer ${token.access_token}` }),
  ]);
}

test('each provider names the same customer to both keys', async () => {
  const size = { startMs: START_MS, endMs: START_MS + 86_400_000, scale: 0.05, firstPort: 0 };
  const simulation = await startSimulation({ seed: 'identity', ...size });
  try {
    const first = await identities(simulation.urls, SIMULATED_CREDENTIALS);
    expect(await identities(simulation.urls, SECOND_CREDENTIALS)).toEqual(first);
    expect(first).toMatchObject([
      [{ companyName: expect.any(String), vatNumber: expect.any(String) }],
      { id: expect.any(String), name: expect.any(String) },
      { id: expect.any(String), permissions: ['vms:read'] },
      { account_id: expect.any(Number), currency: 'USD' },
    ]);
  } finally {
    await simulation.close();
  }
});
