/** The wire contract: pages and refusals. */
import { describe, expect, test } from 'vitest';
import { SimulatedI3d } from '../../../simulator/i3d/i3d.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { allPages, at, CREDENTIALS, client } from './support.ts';

const START_MS = at('07-01 00:00');
const DAY_MS = 86_400_000;

describe('pages', () => {
  const api = client({ startMs: START_MS, scale: 3 });
  const cloudId = api.json('/v3/flexVM/clouds')[0].id;
  const vmsPath = `/v3/flexVM/clouds/${cloudId}/vms`;

  test('have 15 servers or 25 VMs by default and 50 at most', () => {
    expect(api.json('/v3/flexMetal/servers')).toHaveLength(15);
    expect(api.json(vmsPath)).toHaveLength(25);
    expect(api.json('/v3/flexMetal/servers', '', 'start=0,results=500')).toHaveLength(50);
    expect(api.json(vmsPath, '', 'start=0,results=500')).toHaveLength(50);
    expect(api.json('/v3/flexMetal/servers', '', 'start=3')).toHaveLength(15);
  });

  test('end, and give each row once, in order of creation', () => {
    const small = allPages(api, '/v3/flexMetal/servers', 7);
    const large = allPages(api, '/v3/flexMetal/servers', 50);
    expect(small.rows).toEqual(large.rows);
    expect(new Set(small.rows.map((row) => row.uuid)).size).toBe(small.rows.length);
    expect(small.pageCount).toBe(Math.ceil(small.rows.length / 7));
    const created = small.rows.map((row) => row.createdAt);
    expect(created).toEqual(created.toSorted((left, right) => left - right));
    expect(api.json('/v3/flexMetal/servers', '', 'start=100000,results=50')).toEqual([]);
    expect(api.json(vmsPath, '', 'start=100000,results=50')).toEqual([]);
  });

  test('are refused with 422 when the header cannot be read', () => {
    expect(api.get('/v3/flexMetal/servers', '', 'page=2').status).toBe(422);
    expect(api.get('/v3/flexMetal/servers', '', 'start=0,results=0').status).toBe(422);
  });

  test('do not apply to the usage report', () => {
    const query = 'startDate=2026-06-01&endDate=2026-08-01';
    const rows = api.json('/v3/flexMetal/usage', query, 'start=0,results=1');
    expect(rows.length).toBeGreaterThan(50);
  });
});

describe('refusals', () => {
  const api = client({ startMs: START_MS, scale: 0.2 });
  const cloudId = api.json('/v3/flexVM/clouds')[0].id;

  test('answer 401 in the i3D error shape without the right key', () => {
    for (const headers of [{}, { 'private-token': 'wrong' }]) {
      const response = api.simulator.handle({
        method: 'GET',
        path: '/v3/flexMetal/servers',
        query: new URLSearchParams(),
        headers,
        body: '',
      });
      expect(response.status).toBe(401);
      expect(JSON.parse(response.body)).toEqual({
        errorCode: 10002,
        errorMessage: 'Authentication failed',
        errors: [],
      });
    }
  });

  test.each([
    '/',
    '/v3',
    '/v3/flexVM',
    '/v3/flexVM/cloud',
    '/v3/flexVM/clouds/none',
    `/v3/flexVM/clouds/${cloudId}/vms/none`,
    `/v3/flexVM/clouds/${cloudId}/vms/none/commands`,
    `/v3/flexVM/clouds/${cloudId}/nodes/none`,
    '/v3/flexMetal/servers/none',
    '/v3/flexMetal/location/999/instanceTypes',
    '/v3/account/invoice/1',
    '/v2/flexMetal/servers',
  ])('answer 404 for %s', (path) => {
    const response = api.get(path);
    expect(response.status).toBe(404);
    expect(JSON.parse(response.body).errorMessage).toBe('Entity not found');
  });

  test.each([
    ['start=2026-07-01T00:00:00Z', 400],
    ['end=2026-07-01T00:00:00Z', 400],
    ['start=2026-07-02T00:00:00Z&end=2026-07-01T00:00:00Z', 400],
    ['start=yesterday&end=2026-07-01T00:00:00Z', 422],
    ['start=2026-02-30&end=2026-07-01', 422],
  ])('answer the monthly report with %s by %i', (query, status) => {
    expect(api.get('/v3/flexVM/reports/monthly', query).status).toBe(status);
  });

  test.each(['startDate=2026-02-30&endDate=2026-03-01', 'startDate=x', 'startDate=2027-01-01'])(
    'answer the usage report with %s by 422',
    (query) => {
      expect(api.get('/v3/flexMetal/usage', query).status).toBe(422);
    },
  );

  test('answer 405 for anything but GET', () => {
    const request = { path: '/v3/flexMetal/servers', query: new URLSearchParams(), body: '' };
    const headers = { 'private-token': CREDENTIALS.apiKey };
    expect(api.simulator.handle({ ...request, headers, method: 'DELETE' }).status).toBe(405);
  });

  test('come at construction for an empty key', () => {
    const clock = new VirtualClock(START_MS);
    const options = { seed: 's', startMs: START_MS, endMs: START_MS + DAY_MS, scale: 1, clock };
    expect(() => new SimulatedI3d(options, { apiKey: '' })).toThrow(RangeError);
  });
});
