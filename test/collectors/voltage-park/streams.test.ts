/** What is particular to Voltage Park's declarations; the conformance suite checks the rest. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { redactJson } from '../../../collectors/http/redact.ts';
import { monthSlice } from '../../../collectors/slices.ts';
import type { Stream } from '../../../collectors/stream.ts';
import { validateRecords } from '../../../collectors/validate-records.ts';
import { bareMetal } from '../../../collectors/voltage-park/bare-metal.ts';
import { monthlyReport } from '../../../collectors/voltage-park/monthly-report.ts';
import { organization } from '../../../collectors/voltage-park/organization.ts';
import { voltagePark } from '../../../collectors/voltage-park/provider.ts';
import { storageDetail } from '../../../collectors/voltage-park/storage-detail.ts';
import { transactions } from '../../../collectors/voltage-park/transactions.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/voltage-park');
const streams: readonly Stream[] = voltagePark.streams;

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

test('requests keep the exact slashes, and months have no leading zero', () => {
  expect(monthlyReport.request(monthSlice('2026-03'))).toEqual({
    path: '/api/v1/billing/reports/2026/3/transactions',
  });
  expect(() => monthlyReport.request({ name: '' })).toThrow('cut into months');
  expect(storageDetail.request({ name: 'a/b' })).toEqual({ path: '/api/v1/storage/a%2Fb' });
  const slashed = streams.filter((stream) => stream.slices.kind === 'whole');
  expect(
    slashed.map((stream) => stream.request({ name: '' }).path).filter((it) => it.endsWith('/')),
  ).toEqual([
    '/api/v1/virtual-machines/',
    '/api/v1/bare-metal/',
    '/api/v1/storage/',
    '/api/v1/instant-deploy-presets/',
    '/api/v1/locations/',
    '/api/v1/organization/',
  ]);
});

test('only the catalogue that the documents show without authorization is public', () => {
  expect(streams.filter((stream) => stream.isPublic).map((stream) => stream.id)).toEqual([
    'voltage_park.bare_metal_locations',
    'voltage_park.instant_deploy_presets',
  ]);
});

test('a kubeconfig does not arrive', () => {
  expect(arrivedText(bareMetal)).not.toContain('kubeconfig');
});

test('contact addresses of the organisation do not arrive', () => {
  expect(arrivedText(organization)).not.toContain('@');
});

test('an amount that depends on the window is not kept of a log asked without one', () => {
  expect(transactions.entities[0].omit).toEqual(['period_amount']);
});

test.each([
  ['period_amount', null],
  ['period_amount', '1,50'],
  ['period_amount', '123456789012.00'],
  ['period_amount', '1E+11'],
  ['period_amount', '1,000.50'],
  ['period_amount', 'NaN'],
  ['timestamp_creation', '2026-02-30T09:00:00Z'],
  ['timestamp_creation', '2026-02-28T09:00:00'],
  ['timestamp_creation', '0000-01-01T00:00:00Z'],
  ['timestamp_creation', '2026-02-28T09:00:00+23:00'],
  ['timestamp_completion', 'soon'],
  ['details', {}],
])('a report row with %s %j is set aside, its neighbours are not', (field, value) => {
  const body = JSON.parse(arrivedText(monthlyReport));
  body.transactions[1][field] = value;
  const report = validateRecords(monthlyReport.entities[0], body);
  expect(report.defects.map((defect) => defect.place)).toEqual(['2']);
});

test.each([
  ['-15.920000'],
  [-15.92],
  ['0E-6'],
  ['0'],
  ['2E+2'],
  ['-2E+2'],
  ['1E-7'],
  ['+5.5'],
  ['.5'],
])('%j is an amount', (amount) => {
  const body = JSON.parse(arrivedText(monthlyReport));
  body.transactions[0].period_amount = amount;
  expect(validateRecords(monthlyReport.entities[0], body).defects).toEqual([]);
});
