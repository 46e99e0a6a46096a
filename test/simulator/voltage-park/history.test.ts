/** The seeded world is the one it always was. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DAY_MS, END_MS, MONTHS, START_MS, TestWorld, YEAR } from './world.ts';

/** Goal: no world fault that is switched off changes anything. The digest is from before there were any. */
test('a seed without world faults lives the life that it always lived', () => {
  const world = new TestWorld({ seed: 'always', scale: 0.5 });
  const texts: string[] = [];
  for (let atMs = START_MS; atMs <= END_MS; atMs += 6 * DAY_MS) {
    world.at(atMs);
    const reports = MONTHS.map((month) => `/billing/reports/${YEAR}/${month}/transactions`);
    const lists = ['/virtual-machines/', '/bare-metal/', '/storage/', '/locations/'];
    for (const path of [...lists, ...reports, '/billing/transactions', '/billing/hourly-rate']) {
      texts.push(world.request(`/api/v1${path}`).body);
    }
    texts.push(JSON.stringify(world.provider.invoice()));
  }
  const digest = createHash('sha256').update(texts.join('\n')).digest('hex');
  expect(digest).toBe('af1c90fe73e6d7af04abc0c946e27b2df2d9e8d00ab72759e2eda000b168b372');
});
