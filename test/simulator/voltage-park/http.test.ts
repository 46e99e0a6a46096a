/** The habits of the HTTP surface: routes, credentials, validation and pages. */
import { describe, expect, test } from 'vitest';
import { END_MS, type Page, START_MS, TestWorld, TOKEN, type TransactionRow } from './world.ts';

const DETAIL_TEXT = { detail: expect.any(String) };
const UNKNOWN_ID = '123e4567-e89b-42d3-a456-426614174000';

describe('routes', () => {
  test.each([
    ['/virtual-machines', '/virtual-machines/'],
    ['/bare-metal', '/bare-metal/'],
    ['/storage', '/storage/'],
    ['/locations', '/locations/'],
    ['/organization', '/organization/'],
    ['/instant-deploy-presets', '/instant-deploy-presets/'],
    ['/billing/transactions/', '/billing/transactions'],
    ['/billing/hourly-rate/', '/billing/hourly-rate'],
    ['/bare-metal/locations/', '/bare-metal/locations'],
    ['/storage/hourly-rate/', '/storage/hourly-rate'],
  ])('%s redirects to %s with its query', (asked, target) => {
    const response = new TestWorld().request(`/api/v1${asked}?limit=5`);
    expect(response.status).toBe(307);
    expect(response.headers?.location).toBe(`/api/v1${target}?limit=5`);
  });

  test('unknown paths are 404 and other methods 405', () => {
    const world = new TestWorld();
    for (const path of ['/api/v1/invoices', '/virtual-machines/', '/', '/api/v1']) {
      expect(world.request(path).status).toBe(404);
    }
    expect(world.request('/api/v1/bare-metal/', {}, 'POST').status).toBe(405);
  });

  test.each([
    `/virtual-machines/${UNKNOWN_ID}`,
    `/bare-metal/${UNKNOWN_ID}`,
    `/storage/${UNKNOWN_ID}`,
    `/hostnodes/${UNKNOWN_ID}`,
    `/locations/${UNKNOWN_ID}`,
    `/instant-deploy-presets/${UNKNOWN_ID}`,
    `/virtual-machines/instant/locations/${UNKNOWN_ID}`,
  ])('%s is 404', (path) => {
    const response = new TestWorld().request(`/api/v1${path}`);
    expect(response.status).toBe(404);
    expect(JSON.parse(response.body)).toEqual(DETAIL_TEXT);
  });
});

describe('credentials', () => {
  const bearerOnly = ['/virtual-machines/', '/bare-metal/', '/billing/hourly-rate', '/locations/'];

  test.each([...bearerOnly, '/storage/'])('%s needs a valid token', (path) => {
    const world = new TestWorld();
    const wrong = [{}, { authorization: 'Bearer wrong' }, { authorization: TOKEN }];
    for (const headers of [...wrong, { 'x-api-token': 'wrong' }]) {
      const response = world.request(`/api/v1${path}`, headers);
      expect(response.status).toBe(401);
      expect(JSON.parse(response.body)).toEqual(DETAIL_TEXT);
    }
    expect(world.request(`/api/v1${path}`).status).toBe(200);
  });

  test('x-api-token opens storage and nothing else', () => {
    const world = new TestWorld();
    const headers = { 'x-api-token': TOKEN };
    expect(world.request('/api/v1/storage/', headers).status).toBe(200);
    expect(world.request('/api/v1/storage/hourly-rate', headers).status).toBe(200);
    for (const path of bearerOnly) {
      expect(world.request(`/api/v1${path}`, headers).status).toBe(401);
    }
  });

  test.each([
    '/bare-metal/locations',
    '/instant-deploy-presets/',
    '/virtual-machines/instant/locations',
  ])('%s is public', (path) => {
    expect(new TestWorld().request(`/api/v1${path}`, {}).status).toBe(200);
  });
});

describe('validation', () => {
  test.each([
    ['/virtual-machines/?limit=0', 'query', 'limit'],
    ['/virtual-machines/?limit=101', 'query', 'limit'],
    ['/virtual-machines/?limit=ten', 'query', 'limit'],
    ['/virtual-machines/?offset=-1', 'query', 'offset'],
    ['/virtual-machines/not-a-uuid', 'path', 'virtual_machine_id'],
    ['/bare-metal/?limit=101', 'query', 'limit'],
    ['/storage/?limit=101', 'query', 'limit'],
    ['/locations/?limit=16', 'query', 'limit'],
    ['/instant-deploy-presets/?available=maybe', 'query', 'available'],
    ['/billing/transactions?limit=0', 'query', 'limit'],
    ['/billing/transactions?earliest=2026-02-30', 'query', 'earliest'],
    ['/billing/transactions?latest=yesterday', 'query', 'latest'],
    ['/billing/transactions?types=baremetal_charge', 'query', 'types'],
    ['/billing/reports/2026/13/transactions', 'path', 'month'],
    ['/billing/reports/now/1/transactions', 'path', 'year'],
  ])('%s is 422', (target, place, name) => {
    const response = new TestWorld().request(`/api/v1${target}`);
    expect(response.status).toBe(422);
    expect(JSON.parse(response.body)).toEqual({
      detail: [{ loc: [place, name], msg: expect.any(String), type: expect.any(String) }],
    });
  });
});

describe('pages', () => {
  test.each([
    ['/virtual-machines/', 10, 100],
    ['/bare-metal/', 20, 100],
    ['/storage/', 20, 100],
    ['/locations/', 3, 15],
    ['/billing/transactions', 30, 5_000],
  ])('%s has its default and its maximum', (path, limitDefault, limitMax) => {
    const world = new TestWorld({ scale: 4 }).at(END_MS);
    const first = world.get<Page<{ id: string }>>(path);
    expect(first.results).toHaveLength(Math.min(limitDefault, first.total_result_count));
    expect(first.has_previous).toBe(false);
    expect(first.has_next).toBe(first.total_result_count > limitDefault);
    const largest = world.get<Page<{ id: string }>>(`${path}?limit=${limitMax}`);
    expect(largest.results).toHaveLength(Math.min(limitMax, largest.total_result_count));
    const beyond = world.get<Page<{ id: string }>>(`${path}?offset=100000`);
    expect(beyond).toMatchObject({ results: [], has_previous: true, has_next: false });

    const all = world.list<{ id: string }>(path);
    expect(all).toHaveLength(first.total_result_count);
    expect(new Set(all.map((row) => row.id)).size).toBe(all.length);
  });

  test('a page that ends with the list has no next page', () => {
    const world = new TestWorld();
    expect(world.get<Page<object>>('/locations/?limit=5')).toMatchObject({
      total_result_count: 5,
      has_previous: false,
      has_next: false,
    });
    expect(world.get<Page<object>>('/locations/?limit=4')).toMatchObject({ has_next: true });
    expect(world.get<Page<object>>('/locations/?limit=2&offset=3')).toMatchObject({
      has_previous: true,
      has_next: false,
    });
  });

  test('types filters resource kinds and hides deposits', () => {
    const world = new TestWorld().at(END_MS);
    const rows = world.transactions('?types=baremetal&types=storage');
    const types = new Set(rows.map((row: TransactionRow) => row.details.type));
    expect(types).toEqual(new Set(['baremetal_charge', 'storage_charge']));
  });
});

/** Method: two worlds of one seed, asked the same questions at the same instants. */
test('the same seed answers with the same bytes, another seed does not', () => {
  const answers = (seed: string): string => {
    const world = new TestWorld({ seed });
    const bodies: string[] = [];
    for (let ms = START_MS; ms <= END_MS; ms += (END_MS - START_MS) / 9) {
      world.at(Math.floor(ms));
      for (const path of ['/virtual-machines/', '/bare-metal/', '/storage/', '/locations/']) {
        bodies.push(world.request(`/api/v1${path}`).body);
      }
      bodies.push(world.request('/api/v1/billing/reports/2026/8/transactions').body);
    }
    return [...bodies, JSON.stringify(world.provider.invoice())].join('\n');
  };
  expect(answers('one')).toBe(answers('one'));
  expect(answers('one')).not.toBe(answers('two'));
});

/** Method: one world is asked every day, the other only at the end. */
test('what was asked before does not change an answer', () => {
  const busy = new TestWorld();
  for (let ms = START_MS; ms < END_MS; ms += 86_400_000) {
    busy.at(ms).request('/api/v1/billing/reports/2026/8/transactions');
    busy.request('/api/v1/virtual-machines/');
  }
  const idle = new TestWorld();
  const paths = [
    '/virtual-machines/?limit=100',
    '/bare-metal/',
    '/billing/reports/2026/9/transactions',
  ];
  for (const path of paths) {
    const [busyBody, idleBody] = [busy, idle].map(
      (world) => world.at(END_MS).request(`/api/v1${path}`).body,
    );
    expect(busyBody).toBe(idleBody);
  }
});
