/** Goal: the epoch arithmetic is what a person computes by hand. Method: tiny written histories. */
import { expect, test } from 'vitest';
import { BASIC_CONFIGURATIONS, SITES, vmResources } from '../../../simulator/fluence/catalogue.ts';
import { boundariesMs, nextBoundaryMs } from '../../../simulator/fluence/epoch.ts';
import type { FluenceEvent } from '../../../simulator/fluence/types.ts';
import { vmList } from '../../../simulator/fluence/views.ts';
import { FluenceWorld } from '../../../simulator/fluence/world.ts';

const at = (text: string): number => Date.parse(`${text}Z`);

function created(vmId: string, instant: string, priceMicro: bigint): FluenceEvent {
  const [site] = SITES;
  const [basic] = BASIC_CONFIGURATIONS;
  if (site === undefined || basic === undefined) throw new Error('the catalogue is not empty');
  const vm = {
    id: vmId,
    createdAtMs: at(instant),
    resources: vmResources(site, basic, 0),
    osImage: 'image',
    datacenter: site.datacenter,
    publicIp: '154.42.0.1',
    ports: [],
  };
  return { kind: 'created', atMs: at(instant), vm, name: vmId, priceMicro };
}

/** The history plus every boundary of the two months that the tests use. */
function worldOf(...events: FluenceEvent[]): FluenceWorld {
  const boundaries = boundariesMs(at('2025-09-25T00:00:00'), at('2025-11-01T00:00:00'));
  return new FluenceWorld([
    ...events,
    ...boundaries.map((atMs): FluenceEvent => ({ kind: 'boundary', atMs })),
  ]);
}

function charges(world: FluenceWorld, instant: string): string[] {
  world.advanceTo(at(instant));
  return world.invoice().map((line) => `${line.month} ${line.quantity} x = ${line.amount}`);
}

test('the next boundary is strictly later and always 17:55 UTC', () => {
  expect(nextBoundaryMs(at('2025-10-01T17:54:59.999'))).toBe(at('2025-10-01T17:55:00'));
  expect(nextBoundaryMs(at('2025-10-01T17:55:00'))).toBe(at('2025-10-02T17:55:00'));
  expect(nextBoundaryMs(at('2025-10-01T23:00:00'))).toBe(at('2025-10-02T17:55:00'));
});

test('created 17:45 and deleted 18:00 owes two epochs', () => {
  const world = worldOf(created('vm', '2025-10-01T17:45:00', 298_160n), {
    kind: 'deleted',
    atMs: at('2025-10-01T18:00:00'),
    vmId: 'vm',
  });
  expect(charges(world, '2025-10-01T17:45:00')).toEqual(['2025-10 1 x = 0.298160']);
  expect(charges(world, '2025-10-01T17:54:59')).toEqual(['2025-10 1 x = 0.298160']);
  expect(charges(world, '2025-10-01T17:55:00')).toEqual(['2025-10 2 x = 0.596320']);
  expect(charges(world, '2025-10-05T00:00:00')).toEqual(['2025-10 2 x = 0.596320']);
});

test('deleted before the boundary owes one epoch, deleted on it as well', () => {
  for (const instant of ['2025-10-01T17:54:00', '2025-10-01T17:55:00']) {
    const world = worldOf(created('vm', '2025-10-01T10:00:00', 1n), {
      kind: 'deleted',
      atMs: at(instant),
      vmId: 'vm',
    });
    expect(charges(world, '2025-10-03T00:00:00')).toEqual(['2025-10 1 x = 0.000001']);
  }
});

test('an epoch belongs to the month of its charge instant', () => {
  const world = worldOf(created('vm', '2025-09-29T12:00:00', 1_000_000n));
  expect(charges(world, '2025-10-02T12:00:00')).toEqual([
    '2025-09 3 x = 3.000000',
    '2025-10 1 x = 1.000000',
  ]);
});

test('a new price is shown at once, charged and reserved from the next boundary', () => {
  const world = worldOf(
    created('vm', '2025-10-01T12:00:00', 1_000_000n),
    { kind: 'launched', atMs: at('2025-10-01T12:03:00'), vmId: 'vm' },
    { kind: 'repriced', atMs: at('2025-10-01T13:00:00'), vmId: 'vm', priceMicro: 1_500_000n },
  );
  world.advanceTo(at('2025-10-01T14:00:00'));
  expect(vmList(world)).toMatchObject([
    { pricePerEpoch: 1_500_000, reservedBalance: '1000000', totalSpent: '1000000' },
  ]);
  world.advanceTo(at('2025-10-01T17:55:00'));
  expect(vmList(world)).toMatchObject([
    {
      pricePerEpoch: 1_500_000,
      reservedBalance: '1500000',
      totalSpent: '2500000',
      nextBillingAt: '+002025-10-02T17:55:00.000000000Z',
    },
  ]);
});

test('a launching VM is charged but not listed', () => {
  const world = worldOf(created('vm', '2025-10-01T12:00:00', 7n), {
    kind: 'launched',
    atMs: at('2025-10-01T12:03:00'),
    vmId: 'vm',
  });
  world.advanceTo(at('2025-10-01T12:02:59'));
  expect(vmList(world)).toEqual([]);
  expect(world.invoice()).toHaveLength(1);
  world.advanceTo(at('2025-10-01T12:03:00'));
  expect(vmList(world)).toHaveLength(1);
});
