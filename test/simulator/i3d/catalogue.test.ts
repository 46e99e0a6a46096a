/** Catalogues, capacity and quota: snapshots of an instant. */
import { describe, expect, test } from 'vitest';
import { at, client, server, world } from './support.ts';

const START_MS = at('07-01 00:00');

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
