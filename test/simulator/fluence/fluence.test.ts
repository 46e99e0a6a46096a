import { expect, test } from 'vitest';
import { nano } from '../../../simulator/decimal.ts';
import { SimulatedFluence } from '../../../simulator/fluence/fluence.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { Account, DOCUMENT_EXAMPLE, END_MS, HOUR_MS, START_MS } from './support.ts';

test('the same seed gives the same bytes, another seed does not', () => {
  const texts = ['same', 'same', 'other'].map((seed) => {
    const account = new Account(seed);
    const bodies: string[] = [];
    for (let day = 0; day < 90; day += 7) {
      account.clock.advanceTo(START_MS + day * 24 * HOUR_MS);
      bodies.push(account.call('GET', '/vms/v2').body);
      bodies.push(account.call('POST', '/marketplace/offers', '{}').body);
    }
    return JSON.stringify([bodies, account.provider.invoice()]);
  });
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).not.toBe(texts[2]);
});

test('a wrong or missing key is refused with 403 on every path', () => {
  const account = new Account();
  for (const path of ['/vms/v2', '/ssh_keys', '/no-such-path']) {
    const response = account.call('GET', path, '', 'wrong');
    expect(response.status).toBe(403);
    expect(JSON.parse(response.body)).toEqual({ error: expect.any(String) });
  }
  const request = { method: 'GET', path: '/vms/v2', query: new URLSearchParams(), body: '' };
  expect(account.provider.handle({ ...request, headers: {} }).status).toBe(403);
});

test('the Bearer form is accepted only where it is configured', () => {
  const clock = new VirtualClock(START_MS);
  const options = { seed: 's', startMs: START_MS, endMs: END_MS, scale: 0.2, clock };
  const provider = new SimulatedFluence(options, { apiKey: 'key', header: 'Authorization' });
  const request = { method: 'GET', path: '/vms/v2', query: new URLSearchParams(), body: '' };
  const status = (headers: Record<string, string>): number =>
    provider.handle({ ...request, headers }).status;
  expect(status({ authorization: 'Bearer key' })).toBe(200);
  expect(status({ authorization: 'key' })).toBe(403);
  expect(status({ 'x-api-key': 'key' })).toBe(403);
});

test('an unknown path answers 404 with an error text', () => {
  const response = new Account().call('GET', '/vms/v9');
  expect(response.status).toBe(404);
  expect(JSON.parse(response.body)).toEqual({ error: expect.any(String) });
});

test('a VM has the keys and the formats of the document', () => {
  const vms = new Account().vms();
  expect(vms.length).toBeGreaterThan(15);
  for (const vm of vms) {
    expect(Object.keys(vm)).toEqual(Object.keys(DOCUMENT_EXAMPLE));
    expect(Object.keys(vm.datacenter)).toEqual(Object.keys(DOCUMENT_EXAMPLE.datacenter));
    for (const resource of vm.resources) {
      expect(Object.keys(resource)).toEqual(['type', 'quantity', 'details', 'metadata']);
    }
    expect(vm.resources.map((resource) => resource.type)).toEqual([
      'VCPU',
      'RAM',
      'STORAGE',
      'PUBLIC_IP',
    ]);
    expect(vm.id).toMatch(/^0x[0-9a-fA-F]{40}$/);
    expect(vm.status).toBe('ACTIVE');
    expect(Number.isSafeInteger(vm.pricePerEpoch)).toBe(true);
    expect(vm.reservedBalance).toMatch(/^\d+$/);
    expect(vm.totalSpent).toMatch(/^\d+$/);
    expect(vm.createdAt).toMatch(/^\+00\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect(vm.nextBillingAt).toMatch(/^\+00\d{4}-\d\d-\d\dT17:55:00\.000000000Z$/);
    expect(vm.vmName).toMatch(/^(nlp|vision|platform|research|web)-(prod|staging|dev)-[a-z]+-\d+$/);
  }
  expect(vms.some((vm) => /[a-f]/.test(vm.id) && /[A-F]/.test(vm.id))).toBe(true);
});

test('totalSpent of every living VM equals its invoice at any instant', () => {
  const account = new Account();
  for (let hour = 0; hour < 90 * 24; hour += 101) {
    account.clock.advanceTo(START_MS + hour * HOUR_MS);
    for (const vm of account.vms()) {
      expect(BigInt(vm.totalSpent)).toBe(account.spentMicroByInvoice(vm.id));
    }
  }
});

test('the fleet keeps about 25 VMs alive and an hourly poll sees all of them', () => {
  const account = new Account();
  const seen = new Set<string>();
  const namesById = new Map<string, Set<string>>();
  for (let hour = 0; hour < 90 * 24; hour += 1) {
    account.clock.advanceTo(START_MS + hour * HOUR_MS);
    const vms = account.vms();
    expect(vms.length).toBeGreaterThan(14);
    expect(vms.length).toBeLessThan(40);
    expect(new Set(vms.map((vm) => vm.vmName)).size).toBe(vms.length);
    for (const vm of vms) {
      seen.add(vm.id);
      namesById.set(vm.id, (namesById.get(vm.id) ?? new Set()).add(vm.vmName));
    }
  }
  const billed = new Set(account.provider.invoice().map((line) => line.resourceId));
  expect(seen).toEqual(billed);
  expect(billed.size).toBeGreaterThanOrEqual(60);
  expect([...namesById.values()].some((names) => names.size > 1)).toBe(true);
});

test('the marketplace speaks decimal USDC per epoch and can be filtered', () => {
  const account = new Account();
  const offers = JSON.parse(account.call('POST', '/marketplace/offers', '{}').body);
  for (const offer of offers) {
    expect(Object.keys(offer)).toEqual([
      'configuration',
      'resources',
      'datacenter',
      'servers',
      'maxAdditionalSupply',
    ]);
    expect(offer.configuration.price).toMatch(/^\d+\.\d{1,6}$/);
    const parts = offer.resources.map((resource: { price: string }) => nano(resource.price));
    expect(parts.reduce((sum: bigint, part: bigint) => sum + part, 0n)).toBe(
      nano(offer.configuration.price),
    );
  }
  const french = account.call(
    'POST',
    '/marketplace/offers',
    '{"basicConfiguration":"cpu-2-ram-4gb-storage-25gb","datacenter":{"countries":["FR"]}}',
  );
  expect(JSON.parse(french.body)).toHaveLength(1);
  expect(account.call('POST', '/marketplace/offers', 'nonsense').status).toBe(400);
});

test('the other Gen A reads have their documented shapes', () => {
  const account = new Account();
  const read = (path: string): unknown => JSON.parse(account.call('GET', path).body);
  expect(read('/marketplace/basic_configurations')).toEqual({
    basic_configurations: expect.arrayContaining(['cpu-2-ram-4gb-storage-25gb']),
  });
  expect(read('/marketplace/countries')).toEqual(['DE', 'FR', 'LT', 'US']);
  expect(Object.keys(read('/marketplace/hardware') as object)).toEqual([
    'cpu',
    'memory',
    'storage',
  ]);
  const [key] = read('/ssh_keys') as Record<string, unknown>[];
  expect(Object.keys(key ?? {})).toEqual([
    'name',
    'fingerprint',
    'algorithm',
    'comment',
    'publicKey',
    'active',
    'createdAt',
  ]);
  expect(key?.publicKey).toContain('SIMULATED-SECRET-');
});
