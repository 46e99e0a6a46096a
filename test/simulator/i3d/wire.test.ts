/** The wire contract: pages, refusals, visibility, shapes. */
import { describe, expect, test } from 'vitest';
import { SimulatedI3d } from '../../../simulator/i3d/i3d.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { allPages, at, CREDENTIALS, client, server, world } from './support.ts';

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

describe('FlexMetal servers', () => {
  const releasedAtMs = at('07-05 12:00');
  const failed = {
    ...server('b', at('07-05 11:30'), null),
    deliveredAtMs: null,
    changes: [
      { atMs: at('07-05 11:20'), status: 'created' as const },
      { atMs: at('07-05 11:50'), status: 'failed' as const, statusMessage: 'no disk' },
    ],
  };
  const told = world({ servers: [server('a', at('07-05 10:00'), releasedAtMs), failed] });

  test('stay visible for exactly 24 hours after their end and then give 404', () => {
    const api = client({ startMs: START_MS, world: told });
    api.clock.advanceTo(releasedAtMs - 1);
    expect(api.json('/v3/flexMetal/servers/a')[0]).toMatchObject({
      status: 'releasing',
      releasedAt: null,
    });
    api.clock.advanceTo(releasedAtMs + DAY_MS - 1);
    const listed = api.json('/v3/flexMetal/servers');
    expect(listed).toHaveLength(1);
    expect(listed).toEqual(api.json('/v3/flexMetal/servers/a'));
    expect(listed[0]).toMatchObject({
      status: 'released',
      deliveredAt: at('07-05 10:00') / 1000,
      releasedAt: releasedAtMs / 1000,
      contractId: '',
    });
    api.clock.advanceTo(releasedAtMs + DAY_MS);
    expect(api.json('/v3/flexMetal/servers')).toEqual([]);
    expect(api.get('/v3/flexMetal/servers/a').status).toBe(404);
    expect(api.json('/v3/flexMetal/usage')[0].server.uuid).toBe('a');
  });

  test('show a failure until 24 hours later, never delivered, never used', () => {
    const api = client({ startMs: START_MS, world: told });
    api.clock.advanceTo(at('07-06 11:50') - 1);
    expect(api.json('/v3/flexMetal/servers/b')[0]).toMatchObject({
      status: 'failed',
      statusMessage: 'no disk',
      deliveredAt: null,
      releasedAt: null,
    });
    api.clock.advanceTo(at('07-06 11:50'));
    expect(api.get('/v3/flexMetal/servers/b').status).toBe(404);
    const used = api.json('/v3/flexMetal/usage');
    expect(used.map((row: { server: { uuid: string } }) => row.server.uuid)).toEqual(['a']);
  });

  test('are filtered by one status and by all of the given tags', () => {
    const api = client({ startMs: START_MS });
    const { rows } = allPages(api, '/v3/flexMetal/servers', 50);
    const tagged = rows.find((row) => row.tags.length >= 2);
    const [first, second] = tagged.tags;
    const query = `status=delivered&tag=${first}&tag=${second}`;
    const expected = rows.filter(
      (row) => row.status === 'delivered' && row.tags.includes(first) && row.tags.includes(second),
    );
    expect(allPages(api, '/v3/flexMetal/servers', 50, query).rows).toEqual(expected);
  });
});

describe('catalogue and snapshots', () => {
  const api = client({ startMs: START_MS });

  test('give bare objects for FlexVM and arrays for FlexMetal', () => {
    const cloud = api.json('/v3/flexVM/clouds')[0];
    const path = `/v3/flexVM/clouds/${cloud.id}`;
    expect(api.json(path)).toEqual(cloud);
    const vm = api.json(`${path}/vms`)[0];
    expect(api.json(`${path}/vms/${vm.id}`)).toEqual(vm);
    expect(vm).toMatchObject({ cloud, deleted_at: '', node: { cloud, status: 'running' } });
    const node = api.json(`${path}/nodes`)[0];
    expect(api.json(`${path}/nodes/${node.id}`)).toEqual(node);
  });

  test.each([
    '/v3/flexVM/images',
    '/v3/flexVM/instanceTypes',
    '/v3/flexVM/capacity',
    '/v3/flexMetal/location/',
    '/v3/flexMetal/location/18/instanceTypes',
    '/v3/flexMetal/plans',
    '/v3/flexMetal/tags',
    '/v3/operatingsystem',
    '/v3/account/billing',
  ])('list %s', (path) => {
    expect(api.json(path).length).toBeGreaterThan(0);
  });

  test('keep total = in use + available, and commit use within capacity', () => {
    const { resources } = api.json('/v3/flexVM/reports/capacity');
    for (const pool of [resources.vcpu, resources.memory, ...resources.pci_devices]) {
      expect(pool.total).toBe(pool.in_use + pool.available);
      expect(pool.available).toBeGreaterThanOrEqual(0);
    }
    for (const { commits } of api.json('/v3/flexMetal/capacity/commit')) {
      for (const commit of commits) expect(commit.inUse).toBeLessThanOrEqual(commit.capacity);
    }
  });

  test('show an overflowing commitment uncapped in the quota and capped in the capacity', () => {
    const contract = {
      contractId: 'C-1',
      service: 'i3d-flexmetal' as const,
      instanceType: 'bm7.std.8',
      location: 'EU: Rotterdam',
      capacity: 1,
      startsAt: '2026-07-01T00:00:00Z',
      endsAt: '2026-08-01T00:00:00Z',
    };
    const servers = [
      server('a', at('07-02 10:00'), null, 'C-1'),
      server('b', at('07-02 10:00'), null, 'C-1'),
    ];
    const told = client({ startMs: START_MS, world: world({ servers, contracts: [contract] }) });
    told.clock.advanceTo(at('07-03 00:00'));
    const quota = told
      .json('/v3/flexMetal/quota/usage')
      .flatMap((place: { quotaUsage: { quotaType: string }[] }) => place.quotaUsage)
      .filter((row: { quotaType: string }) => row.quotaType === 'commit');
    expect(quota).toMatchObject([{ contractId: 'C-1', quota: 1, usage: 2 }]);
    expect(told.json('/v3/flexMetal/capacity/commit')).toMatchObject([
      { location: { id: 18 }, commits: [{ capacity: 1, inUse: 1 }] },
    ]);
    told.clock.advanceTo(at('08-01 00:00'));
    expect(told.json('/v3/flexMetal/capacity/commit')).toEqual([]);
  });
});
