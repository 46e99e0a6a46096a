/**
 * Goal: every stream reads the documented answer, asks for it as documented, and sets aside a record
 * that staging could not cast. Method: the fixtures, as they are and with one field spoilt.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAuthenticator } from '../../../collectors/i3d/authenticator.ts';
import { errorMessage } from '../../../collectors/i3d/error-message.ts';
import { i3d } from '../../../collectors/i3d/provider.ts';
import { monthSlice } from '../../../collectors/slices.ts';
import type { Entity, Stream } from '../../../collectors/stream.ts';
import { validateRecords } from '../../../collectors/validate-records.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/i3d');

function fixture(streamId: string): unknown {
  return JSON.parse(readFileSync(path.join(FIXTURES, `${streamId}.json`), 'utf8'));
}

function streamOf(id: string): Stream {
  const stream = i3d.streams.find((candidate) => candidate.id === id);
  if (stream === undefined) throw new Error(`no stream ${id}`);
  return stream;
}

function entityOf(streamId: string, name: string): Entity {
  const entity = streamOf(streamId).entities.find((candidate) => candidate.name === name);
  if (entity === undefined) throw new Error(`no entity ${name}`);
  return entity;
}

/** The request line of a stream, for a slice of its kind. */
function requestOf({ slices, request }: Stream): string {
  const slice = slices.kind === 'months' ? monthSlice('2026-12') : { name: 'a b' };
  const { path: target, query = {} } = request(slice);
  const search = new URLSearchParams(query).toString();
  return decodeURIComponent(search === '' ? target : `${target}?${search}`);
}

test('the requests are those of the documents', () => {
  expect(Object.fromEntries(i3d.streams.map((stream) => [stream.id, requestOf(stream)]))).toEqual({
    'flexmetal.servers': '/v3/flexMetal/servers',
    'flexmetal.usage': '/v3/flexMetal/usage?startDate=2026-12-01&endDate=2027-01-01',
    'flexmetal.quota': '/v3/flexMetal/quota/usage',
    'flexmetal.commit_capacity': '/v3/flexMetal/capacity/commit',
    'flexmetal.locations': '/v3/flexMetal/location',
    'flexmetal.plans': '/v3/flexMetal/plans',
    'flexvm.clouds': '/v3/flexVM/clouds',
    'flexvm.nodes': '/v3/flexVM/clouds/a b/nodes',
    'flexvm.vms': '/v3/flexVM/clouds/a b/vms',
    'flexvm.instance_types': '/v3/flexVM/instanceTypes',
    'flexvm.monthly_report':
      '/v3/flexVM/reports/monthly?start=2026-12-01T00:00:00Z&end=2027-01-01T00:00:00Z',
    'flexvm.capacity': '/v3/flexVM/reports/capacity',
    'flexvm.cloud_capacity': '/v3/flexVM/capacity',
    'i3d.invoices': '/v3/account/invoice',
    'i3d.invoice_details': '/v3/account/invoice/a b',
  });
});

test.each(i3d.streams.map(({ id }) => id))('%s reads its documented answer', (id) => {
  for (const entity of streamOf(id).entities) {
    const { records, defects } = validateRecords(entity, fixture(id));
    expect([entity.name, defects]).toEqual([entity.name, []]);
    expect(records).toBeGreaterThan(0);
  }
});

describe('a record that SQL could not read', () => {
  test.each([
    ['flexmetal.servers', 'flexmetal.server', { deliveredAt: '2026-10-05T10:10:00Z' }],
    ['flexmetal.servers', 'flexmetal.server', { releasedAt: 17_280_400_000 }],
    ['flexmetal.servers', 'flexmetal.server', { releasedAt: 1 }],
    ['flexmetal.servers', 'flexmetal.server', { deliveredAt: '946684799' }],
    ['flexmetal.servers', 'flexmetal.server', { createdAt: 4_102_444_800 }],
    ['flexmetal.servers', 'flexmetal.server', { instanceType: { id: 1 } }],
    ['flexmetal.usage', 'flexmetal.usage', { startedAt: 'yesterday' }],
    ['flexvm.vms', 'flexvm.vm', { created_at: '2026-02-30T00:00:00Z' }],
    ['flexvm.vms', 'flexvm.vm', { created_at: '2026-06-03 08:00:00' }],
    ['i3d.invoices', 'i3d.invoice', { amountExclVAT: '1.000,00' }],
    ['i3d.invoice_details', 'i3d.invoice_detail', { creationDate: '0000-00-00' }],
    ['i3d.invoice_details', 'i3d.invoice_detail', { creationDate: '1970-01-01' }],
  ])('of %s is set aside alone: %s %o', (streamId, entityName, spoilt) => {
    const [first, ...others] = fixture(streamId) as object[];
    const { defects } = validateRecords(entityOf(streamId, entityName), [
      { ...first, ...spoilt },
      ...others,
    ]);
    expect(defects.map(({ place }) => place)).toEqual(['1']);
  });

  test('in the report leaves the other VMs and the totals alone', () => {
    const body = fixture('flexvm.monthly_report') as { vms: object[] };
    body.vms[1] = { ...body.vms[1], vm_hours: 'many' };
    const hours = entityOf('flexvm.monthly_report', 'flexvm.report_vm');
    const life = entityOf('flexvm.monthly_report', 'flexvm.report_vm_life');
    expect(validateRecords(hours, body).defects.map(({ place }) => place)).toEqual(['2']);
    expect(validateRecords(life, body).defects).toEqual([]);
  });
});

test('what varies between the documents is accepted', () => {
  const server = entityOf('flexmetal.servers', 'flexmetal.server');
  const [record] = fixture('flexmetal.servers') as object[];
  const variants = [{ createdAt: '1728047209' }, { deliveredAt: 0 }, { contractId: null }];
  expect(
    validateRecords(
      server,
      variants.map((part) => ({ ...record, ...part })),
    ).defects,
  ).toEqual([]);
  const vm = entityOf('flexvm.vms', 'flexvm.vm');
  const [vmRecord] = fixture('flexvm.vms') as object[];
  const instants = ['2026-06-03T08:00:00+02:00', 1780473600, '', null];
  expect(
    validateRecords(
      vm,
      instants.map((at) => ({ ...vmRecord, created_at: at })),
    ).defects,
  ).toEqual([]);
});

test('the key goes into one header', async () => {
  const authenticator = createAuthenticator({ api_key: 'abc123xyz789' });
  const context = { nowMs: 0, path: '/', fetchText: () => Promise.reject(new Error('unused')) };
  expect(await authenticator.headers(context)).toEqual({ 'PRIVATE-TOKEN': 'abc123xyz789' });
  expect(() => createAuthenticator({ api_key: '' })).toThrow();
});

test.each([
  [
    '{"errorCode":10001,"errorMessage":"Entity not found","errors":[{"property":"id","message":"unknown"}]}',
    '10001 Entity not found (id: unknown)',
  ],
  ['{"errorMessage":"Forbidden"}', 'Forbidden'],
  ['{"errorCode":90001,"errorMessage":"VM in transition","errors":[]}', '90001 VM in transition'],
  ['<html>Bad gateway</html>', null],
  ['[]', null],
  ['', null],
])('the error body %s says %s', (body, message) => {
  expect(errorMessage(body)).toBe(message);
});
