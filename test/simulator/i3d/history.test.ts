/** The seeded world: the same for a seed, and large enough for the demo. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { allPages, at, client } from './support.ts';

const START_MS = at('07-01 00:00');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('the seeded world', () => {
  test('lives the same life for the same seed and another one for another seed', () => {
    const story = (seed: string): string => {
      const api = client({ seed, startMs: START_MS, days: 30, scale: 0.4 });
      const texts: string[] = [];
      for (let day = 0; day <= 30; day += 5) {
        api.clock.advanceTo(START_MS + day * DAY_MS);
        texts.push(api.get('/v3/flexMetal/servers', '', 'start=0,results=50').body);
        texts.push(api.get('/v3/flexVM/reports/monthly').body);
      }
      return [...texts, JSON.stringify(api.simulator.invoice())].join('\n');
    };
    expect(story('one')).toBe(story('one'));
    expect(story('one')).not.toBe(story('two'));
  });

  test('answers the same when it jumps to an instant as when it lives through it', () => {
    const paths = ['/v3/flexMetal/servers', '/v3/flexMetal/usage', '/v3/flexVM/reports/monthly'];
    const walker = client({ startMs: START_MS, days: 30, scale: 0.4 });
    for (let hour = 0; hour <= 20 * 24; hour += 7) {
      walker.clock.advanceTo(START_MS + hour * HOUR_MS);
      walker.get('/v3/flexMetal/servers');
    }
    const jumper = client({ startMs: START_MS, days: 30, scale: 0.4 });
    jumper.clock.advanceTo(walker.clock.nowMs);
    for (const path of paths) expect(jumper.get(path).body).toBe(walker.get(path).body);
  });

  test('has the fleet that the demo needs', () => {
    const api = client({ startMs: START_MS });
    const seen = {
      servers: new Set<string>(),
      statuses: new Set<string>(),
      vms: new Set<string>(),
    };
    for (let hour = 0; hour < 90 * 24; hour += 1) {
      api.clock.advanceTo(START_MS + hour * HOUR_MS);
      for (const row of allPages(api, '/v3/flexMetal/servers', 50).rows) {
        seen.servers.add(row.uuid);
        seen.statuses.add(row.status);
      }
    }
    const live = allPages(api, '/v3/flexMetal/servers', 50, 'status=delivered').rows;
    const report = api.json('/v3/flexVM/reports/monthly', 'start=2026-07-01&end=2026-10-01');
    for (const row of report.vms) seen.vms.add(row.vm_id);
    expect(live.length).toBeGreaterThan(35);
    expect(live.length).toBeLessThan(60);
    expect(seen.servers.size).toBeGreaterThan(100);
    expect([...seen.statuses]).toEqual(expect.arrayContaining(['delivered', 'failed', 'released']));
    expect(seen.vms.size).toBeGreaterThan(200);
    expect(report.total_active_vms).toBeGreaterThan(45);
    expect(report.clouds).toHaveLength(3);
    const hours = api.json('/v3/flexMetal/usage', 'startDate=2026-07-01&endDate=2026-10-01');
    const sameHour = hours.filter(
      (row: { startedAt: string; endedAt: string }) =>
        row.startedAt.slice(0, 13) === row.endedAt.slice(0, 13),
    );
    expect(sameHour.length).toBeGreaterThan(0);
  });
});

/** Goal: no world fault that is switched off changes anything. The digest is from before there were any. */
test('a seed without world faults lives the life that it always lived', () => {
  const api = client({ seed: 'always', startMs: START_MS, days: 60, scale: 0.3 });
  const texts: string[] = [JSON.stringify([api.simulator.rateCard(), api.simulator.contracts()])];
  for (let day = 0; day <= 60; day += 12) {
    api.clock.advanceTo(START_MS + day * DAY_MS);
    texts.push(JSON.stringify(allPages(api, '/v3/flexMetal/servers', 50)));
    for (const path of ['flexMetal/usage', 'flexVM/reports/monthly', 'flexMetal/quota/usage']) {
      texts.push(api.get(`/v3/${path}`).body);
    }
    for (const { id } of api.json('/v3/account/invoice')) {
      const [invoice] = api.json(`/v3/account/invoice/${id}`);
      // Only the fields that the digest knows, as they were written then.
      const { amountIncVat, amountExclVat, vatAmount, paymentDate, currency, items } = invoice;
      const lines = items.map((line: { orderId: string }) => ({
        ...line,
        orderId: Number(line.orderId),
      }));
      texts.push(
        JSON.stringify([id, amountIncVat, amountExclVat, vatAmount, paymentDate, currency, lines]),
      );
    }
    texts.push(JSON.stringify(api.simulator.invoice()));
  }
  const digest = createHash('sha256').update(texts.join('\n')).digest('hex');
  expect(digest).toBe('ce1541d12eb4b42afca6069035062fe9351eeeeca6dd4859e1d506b1fbf05949');
});
