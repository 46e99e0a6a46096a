/**
 * Goal: what `record` and `replay` say and refuse is right. Method: the command line against a server
 * that answers as Voltage Park's documents show.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../../../app/cli.ts';
import type { Recording } from '../../../app/recorder/recording.ts';
import { pageOf } from '../../collectors/conformance/honest-pages.ts';
import { SPECIMENS } from '../../collectors/conformance/specimen.ts';
import { cli, configurationFile, temporaryFolder } from '../../support/cli.ts';
import { FakeApi } from '../../support/fake-api.ts';

const NOW = '2026-10-15T12:00:00.000Z';
const DESCRIPTION = path.resolve(
  import.meta.dirname,
  '../../contracts/descriptions/voltage-park.by-hand.json',
);
const VOLUME = '123e4567-e89b-12d3-a456-426614174000';

interface Bench {
  readonly api: FakeApi;
  readonly folder: string;
  record(...flags: string[]): ReturnType<typeof cli>;
  recording(): Promise<Recording>;
}

async function bench(): Promise<Bench> {
  const api = await FakeApi.start();
  onTestFinished(() => api.close());
  for (const { provider, stream, text } of SPECIMENS) {
    if (provider.id !== 'voltage-park' || stream.slices.kind === 'months') continue;
    const { path: asked } = stream.request({ name: VOLUME });
    api.route(asked, (request) => pageOf(stream, text, request));
  }
  const folder = path.join(await temporaryFolder(), 'evidence');
  const file = await configurationFile({
    database: { folder: 'none' },
    reporting_currency: 'USD',
    accounts: [
      { id: 'vp', provider: 'voltage-park', base_url: api.baseUrl, credentials: { token: 't' } },
    ],
    http: { requests_per_second: 10_000, attempts_max: 1 },
  });
  const command = ['--config', file, '--now', NOW, 'record', '--account', 'vp', '--out', folder];
  return {
    api,
    folder,
    record: (...flags) => cli([...command, ...flags]),
    recording: async () => JSON.parse(await readFile(path.join(folder, 'recording.json'), 'utf8')),
  };
}

function serveStorage(api: FakeApi, more: Record<string, unknown>): void {
  const volume = {
    id: VOLUME,
    size_in_gb: 100,
    name: 'data',
    status: 'active',
    rate_hourly: '0.017408',
    ...more,
  };
  api.route('/api/v1/storage/', () => ({
    body: { results: [volume], total_result_count: 1, has_previous: false, has_next: false },
  }));
}

test('a part of the streams brings those that it is cut by', async () => {
  const { record, recording, api } = await bench();
  const { exitCode, stdout } = await record('--streams', 'voltage_park.storage_detail');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Wrote 2 scrubbed answers');
  expect(api.requests.map((request) => request.path)).toEqual([
    '/api/v1/storage/',
    `/api/v1/storage/${VOLUME}`,
  ]);
  const { exchanges, slices, recorded_at: recordedAt } = await recording();
  expect(recordedAt).toBe(NOW);
  expect(exchanges.map(({ status }) => status)).toEqual([200, 200]);
  expect(exchanges[1]?.path).not.toContain(VOLUME);
  expect(exchanges[1]?.path).toBe(`/api/v1/storage/${slices[1]?.slice}`);
});

test('the report says what the schemas and the description do not know or refuse', async () => {
  const { record, recording, api } = await bench();
  serveStorage(api, {
    size_in_gb: 'many',
    new_price: '1.00',
    vip: '10.0.0.5',
    order_ids: [],
    tenant_id: 1,
  });
  const only = ['--streams', 'voltage_park.storage'];
  expect((await record(...only, '--description', DESCRIPTION)).exitCode).toBe(0);
  const { report } = await recording();
  expect(report.schemas).toEqual([
    {
      where: 'voltage_park.storage_volume size_in_gb',
      what: expect.stringContaining('number'),
      answers: 1,
    },
  ]);
  expect(report.unknown_fields).toEqual([
    {
      where: expect.stringMatching(/^voltage_park\.storage_volume\.field_[0-9a-f]{16}$/),
      what: 'in no schema',
      answers: 1,
    },
  ]);
  expect(report.description).toEqual([
    {
      where: expect.stringMatching(/^GET \/api\/v1\/storage\/ results\[\]\.field_[0-9a-f]{16}$/),
      what: 'is not described',
      answers: 1,
    },
    { where: 'GET /api/v1/storage/ results[].size_in_gb', what: 'must be integer', answers: 1 },
  ]);
});

test('a second recording in its place says which fields appeared, vanished and changed', async () => {
  const { record, recording, api } = await bench();
  const only = ['--streams', 'voltage_park.storage', '--keep-field-names'];
  serveStorage(api, { region: 'x' });
  await record(...only);
  expect((await recording()).report.since).toBeNull();
  serveStorage(api, { new_price: '1.00', status: null });
  const { stdout } = await record(...only);
  const entity = 'voltage_park.storage_volume';
  expect((await recording()).report.since).toEqual({
    recorded_at: NOW,
    same_pseudonyms: true,
    appeared: [`${entity}.new_price`],
    vanished: [`${entity}.region`],
    changed: [`${entity}.status: string became null`],
  });
  expect(stdout).toContain(`appeared: ${entity}.new_price`);
});

test('a stream that fails is recorded as it failed, and ends the command with 3', async () => {
  const { record, recording, api } = await bench();
  api.route('/api/v1/storage/', () => ({
    status: 500,
    body: '<p>',
    headers: { 'content-type': 'text/html' },
  }));
  const { exitCode, stderr } = await record();
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('HTTP 500')]);
  const { slices, exchanges } = await recording();
  expect(slices.find(({ stream }) => stream === 'voltage_park.storage')).toEqual({
    stream: 'voltage_park.storage',
    slice: '',
    outcome: 'failed',
    pages: 0,
    code: 'unavailable',
    status: 500,
  });
  expect(slices.find(({ stream }) => stream === 'voltage_park.storage_detail')?.outcome).toBe(
    'not asked',
  );
  expect(exchanges.find(({ stream }) => stream === 'voltage_park.storage')).toMatchObject({
    status: 500,
    file: null,
    characters: 3,
    answer_headers: { 'content-type': 'text/html' },
  });
});

test.each([
  [
    ['--streams', 'no.such'],
    /^error: there is no stream "no\.such" of Voltage Park On-Demand; there are: /,
  ],
  [['--account', 'other'], /^error: there is no account "other" in /],
  [['--description', 'no-such.json'], /^error: cannot read the description no-such\.json\n$/],
  [
    ['--compare', 'no-such'],
    /^error: no-such holds no finished recording \(no recording\.json\): /,
  ],
  [['--scale-money', '1.5'], /expected a whole number above 0/],
])('%s is refused before anything is asked or written', async (flags, message) => {
  const { record, api, folder } = await bench();
  const { exitCode, stderr } = await record(...flags);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(api.requests).toEqual([]);
  await expect(readdir(folder)).rejects.toThrow();
});

test('a folder that holds anything else is left alone', async () => {
  const { record, folder, api } = await bench();
  await mkdir(folder);
  await writeFile(path.join(folder, 'thesis.txt'), 'mine');
  const { exitCode, stderr } = await record();
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('holds no finished recording')]);
  expect(api.requests).toEqual([]);
  expect(await readdir(folder)).toEqual(['thesis.txt']);
});

test('replay serves until it is stopped, and prints a configuration that can be read', async () => {
  const { record, folder } = await bench();
  await record('--streams', 'voltage_park.storage_detail');
  const stop = new AbortController();
  let printed = '';
  const ended = runCli(['--log-level', 'silent', 'replay', folder], {
    environment: {},
    output: {
      write: (text) => {
        printed += text;
      },
      isTerminal: false,
    },
    writeError: () => undefined,
    signal: stop.signal,
    isSimulated: true,
  });
  await expect.poll(() => printed).toContain('accounts:');
  const file = await configurationFile(printed);
  const { accounts } = parse(printed) as { accounts: { base_url: string }[] };
  const base = accounts[0]?.base_url ?? '';
  const known = await fetch(`${base}/api/v1/storage/?offset=0&limit=100`);
  expect([known.status, await known.json()]).toMatchObject([200, { total_result_count: 1 }]);
  expect((await fetch(`${base}/api/v1/storage/`)).status).toBe(410);
  expect(printed).toContain(`--now ${NOW} collect`);
  const again = await cli([
    '--config',
    file,
    '--now',
    NOW,
    'record',
    '--account',
    'voltage-park-replay',
    '--out',
    `${folder}-2`,
    '--streams',
    'voltage_park.storage_detail',
  ]);
  expect([again.exitCode, again.stderr]).toEqual([0, '']);
  stop.abort();
  expect(await ended).toBe(0);
});
