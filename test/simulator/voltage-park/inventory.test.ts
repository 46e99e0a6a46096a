/** The inventory as it changes with the clock. */
import { expect, test } from 'vitest';
import {
  DAY_MS,
  END_MS,
  HOUR_MS,
  type Page,
  type RentalRow,
  START_MS,
  TestWorld,
  type VirtualMachineRow,
} from './world.ts';

const USD_TEXT = /^\d+\.\d{6}$/;

test('the fleet has the asked size and turnover', () => {
  const world = new TestWorld();
  const seen = { virtualMachines: new Set(), rentals: new Set(), volumes: new Set() };
  for (let ms = START_MS; ms < END_MS; ms += HOUR_MS) {
    world.at(ms);
    for (const machine of world.virtualMachines()) seen.virtualMachines.add(machine.id);
    for (const rental of world.rentals()) seen.rentals.add(rental.id);
    for (const volume of world.volumes()) seen.volumes.add(volume.id);
  }
  expect(seen.virtualMachines.size).toBeGreaterThanOrEqual(35);
  expect(seen.virtualMachines.size).toBeLessThanOrEqual(60);
  expect(seen.rentals.size).toBeGreaterThanOrEqual(11);
  expect(seen.rentals.size).toBeLessThanOrEqual(20);
  expect(seen.volumes.size).toBeGreaterThanOrEqual(9);
  expect(seen.volumes.size).toBeLessThanOrEqual(16);
  expect(world.virtualMachines().length).toBeGreaterThanOrEqual(10);
});

test('machines of the first instant were created in the thirty days before it', () => {
  const machines = new TestWorld().virtualMachines();
  expect(machines).toHaveLength(14);
  for (const machine of machines) {
    const createdMs = Date.parse(machine.timestamp_creation);
    expect(createdMs).toBeLessThan(START_MS);
    expect(createdMs).toBeGreaterThanOrEqual(START_MS - 30 * DAY_MS);
  }
});

test('a virtual machine is renamed, retagged, resized, stopped, disassociated and terminated', () => {
  const world = new TestWorld();
  const before = new Map<string, VirtualMachineRow>();
  const observed = new Set<string>();
  for (let ms = START_MS; ms < END_MS; ms += HOUR_MS) {
    const machines = world.at(ms).virtualMachines();
    for (const machine of machines) {
      observed.add(machine.status);
      const earlier = before.get(machine.id);
      if (earlier === undefined) continue;
      if (earlier.name !== machine.name) observed.add('renamed');
      if (`${earlier.tags}` !== `${machine.tags}`) observed.add('retagged');
      const sameSize = JSON.stringify(earlier.resources) === JSON.stringify(machine.resources);
      const samePrice = JSON.stringify(earlier.pricing) === JSON.stringify(machine.pricing);
      if (!sameSize && !samePrice) observed.add('resized');
      if (sameSize && !samePrice) observed.add('repriced');
    }
    const standing = new Set(machines.map((machine) => machine.id));
    for (const id of before.keys()) {
      if (standing.has(id)) continue;
      observed.add('terminated');
      expect(world.request(`/api/v1/virtual-machines/${id}`).status).toBe(404);
    }
    before.clear();
    for (const machine of machines) before.set(machine.id, machine);
  }
  expect(observed).toEqual(
    new Set([
      ...['Running', 'Stopped', 'StoppedDisassociated'],
      ...['renamed', 'retagged', 'resized', 'repriced', 'terminated'],
    ]),
  );
});

test('the parts of the price of a virtual machine add up to its totals', () => {
  const micro = (text: string | undefined): number => Math.round(Number(text) * 1e6);
  for (const { pricing, id } of new TestWorld().at(END_MS).virtualMachines()) {
    for (const rate of Object.values(pricing)) expect(rate).toMatch(USD_TEXT);
    const parts = ['gpus_per_hr', 'vcpus_per_hr', 'ram_per_hr', 'storage_per_hr'];
    const total = parts.reduce((sum, part) => sum + micro(pricing[part]), 0);
    expect(micro(pricing.total_associated_per_hr), id).toBe(total);
    expect(pricing.total_disassociated_per_hr).toBe(pricing.storage_per_hr);
  }
});

test('a pending rental shows five fields, a running one its kubeconfig', () => {
  const world = new TestWorld();
  const observed = new Set<string>();
  const ranBefore = new Set<string>();
  const nodeCounts = new Map<string, number>();
  for (let ms = START_MS; ms < END_MS; ms += 10 * 60_000) {
    for (const rental of world.at(ms).rentals()) {
      expect(rental.creation_timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      const detail = world.get<RentalRow>(`/bare-metal/${rental.id}`);
      expect(detail).toEqual(rental);
      observed.add(`${rental.status} ${rental.power_status ?? 'without power status'}`);
      if (rental.status === 'Pending') {
        const fields = ['id', 'name', 'creation_timestamp', 'status', 'rate_hourly'];
        expect(Object.keys(rental).sort()).toEqual(fields.sort());
        if (ranBefore.has(rental.id)) observed.add('rebooted');
        continue;
      }
      ranBefore.add(rental.id);
      expect(rental.kubeconfig).toContain('SIMULATED-KUBECONFIG-SECRET');
      const nodeCount = rental.node_count ?? 0;
      if (nodeCount < (nodeCounts.get(rental.id) ?? 0)) observed.add('node removed');
      nodeCounts.set(rental.id, nodeCount);
    }
  }
  expect(observed).toEqual(
    new Set([
      ...['Pending without power status', 'Running Running', 'Running Stopped'],
      ...['rebooted', 'node removed'],
    ]),
  );
});

test('volumes belong to live rentals, change size, and agree with the rate per gigabyte', () => {
  const world = new TestWorld();
  const sizes = new Map<string, number>();
  const observed = new Set<string>();
  for (let ms = START_MS; ms < END_MS; ms += HOUR_MS) {
    const rentalIds = new Set(
      world
        .at(ms)
        .rentals()
        .map((rental) => rental.id),
    );
    for (const volume of world.volumes()) {
      observed.add(volume.status);
      expect(volume.order_ids.length > 0).toBe(volume.status === 'active');
      for (const id of volume.order_ids) expect(rentalIds).toContain(id);
      if ((sizes.get(volume.id) ?? volume.size_in_gb) < volume.size_in_gb) observed.add('resized');
      sizes.set(volume.id, volume.size_in_gb);
    }
  }
  expect(observed).toEqual(new Set(['active', 'inactive', 'resized']));

  const fresh = new TestWorld();
  const { hourly_rate_per_gb: perGb } = fresh.get<{ hourly_rate_per_gb: string }>(
    '/storage/hourly-rate',
  );
  const [volume] = fresh.volumes();
  expect(Number(volume?.rate_hourly)).toBeCloseTo(Number(perGb) * (volume?.size_in_gb ?? 0), 9);
  const detail = fresh.get<{ used_capacity_bytes: number }>(`/storage/${volume?.id}`);
  expect(Number.isSafeInteger(detail.used_capacity_bytes)).toBe(true);
});

test('offered prices change, and locations publish theirs as JSON numbers', () => {
  const world = new TestWorld();
  const presetRates = new Set<string>();
  const bareMetalPrices = new Set<number>();
  for (let ms = START_MS; ms < END_MS; ms += DAY_MS) {
    const presets = world.at(ms).get<{ compute_rate_hourly: string }[]>('/instant-deploy-presets/');
    presetRates.add(presets[0]?.compute_rate_hourly ?? '');
    const locations = world.get<Page<{ gpu_price_infiniband: number }>>('/bare-metal/locations');
    expect(locations).toMatchObject({ total_result_count: 2, has_next: false });
    for (const location of locations.results) bareMetalPrices.add(location.gpu_price_infiniband);
  }
  expect(presetRates.size).toBeGreaterThan(1);
  expect(presetRates).toContain('1.890000');
  expect(bareMetalPrices.size).toBeGreaterThan(1);
  expect(bareMetalPrices).toContain(2.49);
});

test('host nodes of machines can be read and lead to a location', () => {
  const world = new TestWorld();
  for (const machine of world.list<{ hostnode_id: string }>('/virtual-machines/')) {
    const hostNode = world.get<{ location_id: string }>(`/hostnodes/${machine.hostnode_id}`);
    const location = world.get<{ city: string }>(`/locations/${hostNode.location_id}`);
    expect(location.city).not.toBe('');
  }
});

test('available splits the presets', () => {
  const world = new TestWorld();
  const count = (query: string) => world.get<object[]>(`/instant-deploy-presets/${query}`).length;
  expect(count('?available=true') + count('?available=false')).toBe(count(''));
});
