/** The seeded world: the same for a seed, and the one it always was. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Account, DAYS, HOUR_MS, type Json, START_MS } from './support.ts';

const TOKEN_PATH = '/v1/oauth2/token?grant_type=client_credentials';
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

test('the same seed gives the same bytes, another seed does not', () => {
  const texts = ['same', 'same', 'other'].map((seed) => {
    const account = new Account(seed);
    const bodies: string[] = [];
    for (let day = 0; day < DAYS; day += 6) {
      account.clock.advanceTo(START_MS + day * 24 * HOUR_MS);
      bodies.push(account.call(TOKEN_PATH, basic('client:secret')).body);
      for (const path of ['/v1/clouds', '/v1/orders', '/v1/prefixes', '/v1/vlans']) {
        bodies.push(account.call(path).body);
      }
      for (const { id } of account.clouds()) {
        bodies.push(account.call(`/v1/clouds/${id}/stats`).body);
        bodies.push(account.call(`/v1/clouds/${id}/subscription`).body);
      }
      bodies.push(account.call('/v1/products?location=pod_2').body);
      bodies.push(account.call('/v2/inventory/pod_1/availability').body);
    }
    return JSON.stringify([bodies, account.provider.invoice()]);
  });
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).not.toBe(texts[2]);
});

test('one cloud is deleted through a pending phase of three days, one is created', () => {
  const account = new Account();
  const everSeen = new Set<string>();
  const pendingHours = new Map<string, number>();
  for (let hour = 0; hour < DAYS * 24; hour += 1) {
    account.clock.advanceTo(START_MS + hour * HOUR_MS);
    for (const { id, fields } of account.clouds()) {
      everSeen.add(id);
      if (!fields.pending_delete) continue;
      pendingHours.set(id, (pendingHours.get(id) ?? 0) + 1);
      const stats = account.read<Json>(`/v1/clouds/${id}/stats`);
      expect(stats.cloud_state).toBe('PENDING-DELETE');
      expect(account.subscription(id)).toMatchObject({ subscription: { state: 'canceled' } });
    }
  }
  expect(everSeen.size).toBe(7);
  expect([...pendingHours.values()]).toEqual([72]);
  const [deletedId] = pendingHours.keys();
  expect(account.status(`/v1/clouds/${deletedId}`)).toBe(404);
  const deployed = JSON.stringify(account.read('/v1/orders'));
  for (const id of everSeen) expect(deployed).toContain(id);
});

/** Without what an answer of then had as null or in another form. */
function asOfThen(body: string): string {
  return JSON.stringify(JSON.parse(body), (name, value: unknown) =>
    value === null || name === 'vlans' || name === 'specs' ? undefined : value,
  );
}

/** Goal: no world fault that is switched off changes anything. The digest is from before there were any. */
test('a seed without world faults lives the life that it always lived', () => {
  const account = new Account('always');
  const texts: string[] = [];
  for (let day = 0; day <= DAYS; day += 3) {
    account.clock.advanceTo(START_MS + day * 24 * HOUR_MS);
    for (const path of ['/v1/clouds', '/v1/orders', '/v1/prefixes', '/v1/products']) {
      texts.push(asOfThen(account.call(path).body));
    }
    for (const { id } of account.clouds()) {
      texts.push(asOfThen(account.call(`/v1/clouds/${id}/stats`).body));
      texts.push(asOfThen(account.call(`/v1/clouds/${id}/subscription`).body));
    }
    // Under which other ids it may be found was not told then.
    texts.push(JSON.stringify(account.provider.invoice().map(({ otherIds: _, ...line }) => line)));
  }
  const digest = createHash('sha256').update(texts.join('\n')).digest('hex');
  expect(digest).toBe('014781a17991ae77b7189689c008c533bdc0537b4da0965cce4dfefb8b4780d9');
});
