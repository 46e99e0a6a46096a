/** The seeded world is the one it always was. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Account, END_MS, HOUR_MS, START_MS } from './support.ts';

/** Goal: no world fault that is switched off changes anything. The digest is from before there were any. */
test('a seed without world faults lives the life that it always lived', () => {
  const account = new Account('always');
  const texts: string[] = [];
  for (let atMs = START_MS; atMs <= END_MS; atMs += 30 * HOUR_MS) {
    account.clock.advanceTo(atMs);
    texts.push(account.call('GET', '/vms/v2').body);
    texts.push(account.call('POST', '/marketplace/offers', '{}').body);
    texts.push(JSON.stringify(account.provider.invoice()));
  }
  const digest = createHash('sha256').update(texts.join('\n')).digest('hex');
  expect(digest).toBe('b89be1ad1c957a24d40a0410574c1f4f7694a22b81e66eb6dd1ca7e357b78b1f');
});
