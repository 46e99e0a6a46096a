/**
 * Goal: before anything is collected, doctor says of each endpoint whether it answers, and what is not
 * known without it. Method: the real command against an API in the shape of Voltage Park's.
 */
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { monthSlice } from '../../collectors/slices.ts';
import { voltagePark } from '../../collectors/voltage-park/provider.ts';
import { cli, configurationFile } from '../support/cli.ts';
import { type FakeAnswer, FakeApi } from '../support/fake-api.ts';
import { testDatabase } from '../support/postgres.ts';

const EMPTY: FakeAnswer = { body: { results: [], total_result_count: 0, has_next: false } };

interface Finding {
  readonly subject: string;
  readonly state: string;
  readonly detail: string;
}

let api: FakeApi;
let config: string;

beforeEach(async () => {
  api = await FakeApi.start();
  onTestFinished(() => api.close());
  for (const { id } of voltagePark.streams) route(id, EMPTY);
  const database = await testDatabase();
  config = await configurationFile({
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [
      { id: 'vp', provider: 'voltage-park', base_url: api.baseUrl, credentials: { token: 'k' } },
    ],
    http: { requests_per_second: 100_000, attempts_max: 1 },
  });
});

function route(streamId: string, answer: FakeAnswer): void {
  const stream = voltagePark.streams.find(({ id }) => id === streamId);
  if (stream === undefined) throw new Error(`no stream ${streamId}`);
  const now = new Date().toISOString().slice(0, 'YYYY-MM'.length);
  api.route(stream.request(monthSlice(now)).path.split('?', 1)[0] ?? '', () => answer);
}

async function findings(...more: string[]): Promise<{ exitCode: number; ofAccount: Finding[] }> {
  const { exitCode, stdout } = await cli(['doctor', '--config', config, '--json', ...more]);
  const all: Finding[] = JSON.parse(stdout).findings;
  return { exitCode, ofAccount: all.filter(({ subject }) => subject.startsWith('account vp')) };
}

describe('an account that was never collected', () => {
  test('is asked for every endpoint; those cut by records wait for their listing', async () => {
    const { exitCode, ofAccount } = await findings();
    expect(exitCode).toBe(0);
    const asked = voltagePark.streams.filter(({ slices }) => slices.kind !== 'per-record').length;
    expect(ofAccount.map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(ofAccount[1]?.detail).toBe(
      `${asked} of ${asked} endpoints answer; voltage_park.storage_detail was not asked: ` +
        'voltage_park.storage was not collected yet, or lists nothing to ask for',
    );
  });

  test.each([
    ['voltage_park.monthly_report', 403, 'not collected, and charges rest on it'],
    ['voltage_park.locations', 404, 'not collected, and no charge rests on it'],
  ])('is warned that %s answers %i, and what that costs', async (streamId, status, cost) => {
    route(streamId, { status, body: { detail: 'not for this key' } });
    const { exitCode, ofAccount } = await findings();
    expect(exitCode).toBe(1);
    expect(ofAccount.at(-1)).toEqual({
      subject: `account vp, ${streamId}`,
      state: 'warning',
      detail: expect.stringMatching(new RegExp(`HTTP ${status} .*: ${cost}: \\w`)),
    });
  });
});

test('a provider that has moved for good is named with the base_url that mends it', async () => {
  const path = '/api/v1/billing/hourly-rate';
  route('voltage_park.hourly_rate', {
    status: 308,
    headers: { location: `https://cloud.example.com${path}` },
  });
  const { exitCode, ofAccount } = await findings();
  expect(exitCode).toBe(3);
  expect(ofAccount).toEqual([
    {
      subject: 'account vp',
      state: 'failed',
      detail:
        `account vp: Voltage Park On-Demand has moved for good (HTTP 308) [stream voltage_park.hourly_rate, GET ${path}]: ` +
        "set base_url of the account vp to https://cloud.example.com, if that is the provider's own address",
    },
  ]);
});

test('an account that was collected is asked for one endpoint, or with --all for each', async () => {
  await cli(['collect', '--config', config]);
  expect((await findings()).ofAccount).toHaveLength(1);
  expect((await findings('--all')).ofAccount).toHaveLength(2);
});
