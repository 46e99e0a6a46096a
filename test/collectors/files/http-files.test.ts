/**
 * Goal: files behind HTTP are read as those of a folder are: what did not change is not fetched, what broke off is
 * fetched again or fails, nothing outside base_url is asked, and no signature is shown. Method: a real server.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test as base, expect } from 'vitest';
import { FILE_LIMITS, type FileSource } from '../../../collectors/files/file-source.ts';
import { openSource } from '../../../collectors/files/open-source.ts';
import { runDeliveries } from '../../../collectors/files/run-deliveries.ts';
import { costAndUsage } from '../../../collectors/focus/cost-and-usage.ts';
import { focus } from '../../../collectors/focus/provider.ts';
import type { Credentials } from '../../../collectors/provider.ts';
import { FakeApi } from '../../support/fake-api.ts';
import { testDatabase } from '../../support/postgres.ts';
import { csvOf } from '../../transforms/focus/warehouse.ts';
import { FAST } from '../http/bench.ts';

const HTML = { 'content-type': 'text/html' };

const test = base.extend<{
  api: FakeApi;
  open: (credentials?: Credentials, path?: string) => FileSource;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures' names from a pattern
  api: async ({}, use) => {
    const api = await FakeApi.start();
    await use(api);
    await api.close();
  },
  open: async ({ api }, use) => {
    const sources: FileSource[] = [];
    await use((credentials = {}, path = '/bills') => {
      const source = openSource({
        accountId: 'clouds',
        baseUrl: `${api.baseUrl}${path}`,
        provider: focus,
        credentials,
        settings: { ...FAST, attemptsMax: 2, retryDelayMsMax: 2 },
        nowMs: () => 0,
        signal: undefined,
        streamId: costAndUsage.id,
      });
      sources.push(source);
      return source;
    });
    await Promise.all(sources.map((source) => source.close()));
  },
});

const marks = async (source: FileSource): Promise<string[]> =>
  (await source.list()).map(({ path, mark, fault }) => `${path} ${mark ?? '-'} ${fault ?? 'fine'}`);

test('a page of links is a listing, with the pages of its folders', async ({ api, open }) => {
  api.route('/bills/', () => ({
    headers: HTML,
    body: `<a href="../">up</a> <a href='?C=N'>sort</a> <a href="2026-09/">2026-09</a>
      <a href="/elsewhere/x.csv">x</a> <a href="https://elsewhere.test/y.csv">y</a> <a href="readme.txt">r</a>`,
  }));
  api.route('/bills/2026-09/', () => ({
    headers: HTML,
    body: '<a href="/bills/">up</a><a href="a%20b.csv">a b</a><a href="c&amp;d.csv.gz">c</a>',
  }));
  api.route('/bills/2026-09/a%20b.csv', () => ({ headers: { etag: '"1"' }, body: '' }));
  api.route('/bills/2026-09/c&d.csv.gz', () => ({
    headers: { 'last-modified': 'Tue, 01 Sep 2026 00:00:00 GMT' },
    body: '',
  }));
  const source = open({ token: 'CANARY-token' });
  expect(await marks(source)).toEqual([
    '2026-09/a b.csv "1" fine',
    '2026-09/c&d.csv.gz Tue, 01 Sep 2026 00:00:00 GMT fine',
  ]);
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /bills/',
    'GET /bills/2026-09/',
    'HEAD /bills/2026-09/a%20b.csv',
    'HEAD /bills/2026-09/c&d.csv.gz',
  ]);
  expect(new Set(api.requests.map(({ headers }) => headers.authorization))).toEqual(
    new Set(['Bearer CANARY-token']),
  );
});

test('names as JSON and as lines are listings, too', async ({ api, open }) => {
  const file = { headers: { etag: '"1"' }, body: '' };
  api.route('/bills/a.csv', () => file);
  api.route('/bills/a?b.csv', () => file);
  api.route('/bills/', () => ({ body: [{ name: 'a.csv', type: 'file' }, { name: 'b.txt' }] }));
  expect(await marks(open())).toEqual(['a.csv "1" fine']);
  api.route('/bills/', () => ({
    headers: { 'content-type': 'text/plain' },
    body: '# bills\na.csv\n\n../b.csv\n',
  }));
  expect(await marks(open())).toEqual(['a.csv "1" fine']);
});

test('the listing of an object store is read to its end, with its marks', async ({ api, open }) => {
  const page = (keys: string, rest: string): string =>
    `<?xml version="1.0"?><ListBucketResult>${keys}${rest}</ListBucketResult>`;
  const object = (key: string): string =>
    `<Contents><Key>${key}</Key><LastModified>2026-09-01T00:00:00.000Z</LastModified><ETag>&quot;${key}&quot;</ETag></Contents>`;
  api.route('/bills/', ({ query }) => ({
    headers: { 'content-type': 'application/xml' },
    body:
      query.get('continuation-token') === 'a+b'
        ? page(object('2026-09/b.csv'), '')
        : page(object('2026-09/a.csv'), '<NextContinuationToken>a+b</NextContinuationToken>'),
  }));
  expect(await marks(open())).toEqual([
    '2026-09/a.csv "2026-09/a.csv" fine',
    '2026-09/b.csv "2026-09/b.csv" fine',
  ]);
  expect(api.requests).toHaveLength(2);
});

test('signed addresses are asked as they are, and never shown', async ({ api, open }) => {
  const signature = 'X-Amz-Signature=CANARY0123456789';
  api.route('/bills/2026-09/a.csv', () => ({ headers: { etag: '"1"' }, body: csvOf([{}]) }));
  api.route('/bills/2026-09/b.csv', () => ({ status: 403, body: `no: ${signature}` }));
  const url = (name: string): string => `${api.baseUrl}/bills/2026-09/${name}?${signature}`;
  const source = open({ signed_urls: `${url('a.csv')}\n` });
  const [listed] = await source.list();
  expect(listed).toMatchObject({ path: '2026-09/a.csv', mark: '"1"', fault: null });
  if (listed === undefined) throw new Error('nothing is listed');
  const { file } = await source.fetch(listed);
  expect(await readFile(file, 'utf8')).toBe(csvOf([{}]));
  expect(api.requests.map(({ query }) => query.get('X-Amz-Signature'))).toEqual([
    'CANARY0123456789',
    'CANARY0123456789',
  ]);
  expect(api.requests[0]?.headers.authorization).toBeUndefined();
  await source.close();
  expect(existsSync(file)).toBe(false);

  const failure = await open({ signed_urls: url('b.csv') })
    .list()
    .catch(String);
  expect(failure).toContain('FOCUS files refused the key (HTTP 403)');
  expect(failure).not.toContain('CANARY');
  const outside = await open({ signed_urls: 'https://elsewhere.test/a.csv?s=CANARY' })
    .list()
    .catch(String);
  expect(outside).toContain('a signed address does not begin with base_url');
  expect(outside).not.toContain('CANARY');
});

test('a file that broke off is fetched again, one beyond the limit is not kept', async ({
  api,
  open,
}) => {
  const body = csvOf([{}]);
  api.route('/bills/', () => ({ headers: HTML, body: '<a href="2026-09.csv">a</a>' }));
  api.script('/bills/2026-09.csv', [
    { headers: { etag: '"1"' }, body },
    { headers: { etag: '"1"' }, body, cutAfterBytes: 10 },
    { headers: { etag: '"1"' }, body },
  ]);
  const source = open();
  const [listed] = await source.list();
  if (listed === undefined) throw new Error('nothing is listed');
  const { file } = await source.fetch(listed);
  expect(await readFile(file, 'utf8')).toBe(body);

  // Written again between the listing and the fetch.
  await expect(source.fetch({ ...listed, mark: '"0"' })).rejects.toThrow(
    '2026-09.csv was written again',
  );
  const small = openSource(
    {
      accountId: 'clouds',
      baseUrl: `${api.baseUrl}/bills`,
      provider: focus,
      credentials: {},
      settings: FAST,
      nowMs: () => 0,
      signal: undefined,
      streamId: costAndUsage.id,
    },
    { ...FILE_LIMITS, fileBytesMax: 10 },
  );
  await small.list();
  await expect(small.fetch(listed)).rejects.toThrow('it is larger than 10 bytes');
  await small.close();
});

test.each([
  [401, 'FOCUS files refused the key (HTTP 401)'],
  [404, 'FOCUS files answered HTTP 404'],
  [301, 'the server redirects to'],
  [503, 'FOCUS files answered FOCUS files answered HTTP 503 after 2 attempts'],
])('HTTP %d is said in one line', async (status, words) => {
  const api = await FakeApi.start();
  api.route('/bills/', () => ({ status, headers: { location: '/other' }, body: '' }));
  const source = openSource({
    accountId: 'clouds',
    baseUrl: `${api.baseUrl}/bills`,
    provider: focus,
    credentials: {},
    settings: { ...FAST, attemptsMax: 2, retryDelayMsMax: 2 },
    nowMs: () => 0,
    signal: undefined,
    streamId: costAndUsage.id,
  });
  const failure = await source.list().catch(String);
  expect(failure).toContain(words.replace('FOCUS files answered FOCUS files', 'FOCUS files'));
  await source.close();
  await api.close();
});

test('what has the mark that it had is not fetched again', async ({ api, open }) => {
  const { pool } = await testDatabase();
  let [etag, cost] = ['"1"', '1'];
  api.route('/bills/', () => ({ headers: HTML, body: '<a href="2026-09.csv">a</a>' }));
  api.route('/bills/2026-09.csv', () => ({
    headers: { etag },
    body: csvOf([{ BilledCost: cost }, { ResourceId: 'vm-2' }]),
  }));
  const run = async (hour: number) => {
    const source = open();
    const nowMs = Date.UTC(2026, 9, 1, hour);
    const results = await runDeliveries(pool, {
      accountId: 'clouds',
      stream: costAndUsage,
      source,
      nowMs,
    });
    return results?.[0];
  };
  expect(await run(1)).toMatchObject({ landed: { recordsNew: 4 }, outcome: 'complete' });
  api.requests.length = 0;
  expect(await run(2)).toMatchObject({ landed: { records: 4, recordsNew: 0, recordsChanged: 0 } });
  expect(api.requests.map(({ method }) => method)).toEqual(['GET', 'HEAD']);

  [etag, cost] = ['"2"', '5'];
  // The row and the sum of its service.
  expect(await run(3)).toMatchObject({ landed: { recordsNew: 0, recordsChanged: 2 } });
});
