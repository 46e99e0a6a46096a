/** What is particular to OpenMetal's declarations; the conformance suite checks the rest. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { redactJson } from '../../../collectors/http/redact.ts';
import { openmetal } from '../../../collectors/openmetal/provider.ts';
import { subscription } from '../../../collectors/openmetal/subscription.ts';
import type { Stream } from '../../../collectors/stream.ts';
import { validateRecords } from '../../../collectors/validate-records.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/openmetal');
const streams: readonly Stream[] = openmetal.streams;

function arrivedText(stream: Stream): string {
  const text = readFileSync(path.join(FIXTURES, `${stream.id}.json`), 'utf8');
  return redactJson(text, stream.redactedFields ?? []);
}

test.each(streams.map((stream) => [stream.id, stream] as const))(
  'the fixture of %s has records without defect or unknown field',
  (_, stream) => {
    const body: unknown = JSON.parse(arrivedText(stream));
    for (const entity of stream.entities) {
      const report = validateRecords(entity, body);
      expect(report.records, entity.name).toBeGreaterThan(0);
      expect(report.defects, entity.name).toEqual([]);
      expect([...report.unknownFields], entity.name).toEqual([]);
    }
  },
);

test('cards, keys, MAC and IP addresses and names of people do not arrive', () => {
  const arrived = streams.map(arrivedText).join('\n');
  for (const secret of [
    '4242',
    'ssh-rsa',
    'aa:bb:cc',
    '198.51.100.10',
    'usrAbc',
    'OvZyEGQwWj',
    'admin@',
  ]) {
    expect(arrived).not.toContain(secret);
  }
});

test('requests name the cloud and the pod of their slice', () => {
  const requestOf = (id: string, name: string) =>
    streams.find((stream) => stream.id === id)?.request({ name });
  expect(requestOf('openmetal.stats', 'c1/x')).toEqual({ path: '/v1/clouds/c1%2Fx/stats' });
  expect(requestOf('openmetal.subscription', 'c1')).toEqual({
    path: '/v1/clouds/c1/subscription',
  });
  expect(requestOf('openmetal.products', 'pod_1')).toEqual({
    path: '/v1/products',
    query: { location: 'pod_1' },
  });
  expect(requestOf('openmetal.availability', 'pod_1')).toEqual({
    path: '/v2/inventory/pod_1/availability',
  });
});

test('the counters of an asset are kept apart from its facts', () => {
  const [, log, usage] = subscription.entities;
  expect(log.omit).toEqual(['lifetime_usage', 'period_usage', 'period_cost']);
  expect(usage.omit).toContain('removed_at');
  expect(usage.omit).not.toContain('cloud_asset_id');
});

test.each([
  ['removed_at', '2026-02-30T09:00:00+00:00'],
  ['removed_at', '2026-02-28T09:00:00'],
  ['created_at', '0000-01-01T00:00:00Z'],
  ['created_at', '2026-02-28T09:00:00+23:00'],
  ['created_at', '1999-12-31T23:59:59Z'],
  ['cost_in_cents', 1e14],
  ['cost_in_cents', '100000000000000'],
  ['cost_in_cents', -1],
  ['cost_in_cents', '6 cents'],
  ['cost_in_cents', null],
])('an asset with %s %s is set aside, its neighbour is not', (field, value) => {
  const body = JSON.parse(arrivedText(subscription));
  body.asset_logs[1][field] = value;
  const report = validateRecords(subscription.entities[1], body);
  expect(report.defects.map((defect) => defect.place)).toEqual(['2']);
});

test.each([
  ['{}', 0],
  ['{"uuid": null, "state": null}', 0],
  ['{"state": null, "total_in_cents": 21600}', 1],
  ['{"uuid": "7e1d", "total_in_cents": 0}', 1],
])('the subscription %s has %i defects: only an empty one may lack its state', (text, defects) => {
  const body = { subscription: JSON.parse(text), asset_logs: [] };
  expect(validateRecords(subscription.entities[0], body).defects).toHaveLength(defects);
});
