/**
 * Goal: what one endpoint refuses stays with it, and what is not collected is seen. Method: the real
 * collector against an API of the test's own, in the shape of a provider of the registry.
 */
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { fixedClock } from '../../app/clock.ts';
import { Collector } from '../../app/collector.ts';
import { type Configuration, parseConfiguration } from '../../app/config.ts';
import { allStreams, type StreamOfAccount } from '../../app/due-streams.ts';
import { silentLogger } from '../../app/log.ts';
import { monthSlice } from '../../collectors/slices.ts';
import { CredentialsError, WaitAskedError } from '../../foundation/errors.ts';
import { type FakeAnswer, FakeApi } from '../support/fake-api.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';

const NOW_MS = Date.UTC(2026, 9, 15, 12);
const OK: FakeAnswer = { body: { results: [], total_result_count: 0, has_next: false } };

let api: FakeApi;
let database: TestDatabase;
let streams: StreamOfAccount[];

beforeEach(async () => {
  api = await FakeApi.start();
  onTestFinished(() => api.close());
  database = await testDatabase();
  streams = allStreams(configurationOf(api.baseUrl));
  for (const { stream } of streams) {
    if (stream.slices.kind !== 'per-record') route(stream.id, OK);
  }
});

function configurationOf(baseUrl: string): Configuration {
  const text = `
reporting_currency: USD
http: { requests_per_second: 100000, attempts_max: 1 }
accounts: [{ id: vp, provider: voltage-park, base_url: "${baseUrl}", credentials: { token: k } }]`;
  return parseConfiguration(text, 'meterhouse.yaml', {});
}

/** Of its two months, or of its only slice. */
function pathsOf(streamId: string): string[] {
  const stream = streams.find((candidate) => candidate.stream.id === streamId)?.stream;
  if (stream === undefined) throw new Error(`no stream ${streamId}`);
  return ['2026-09', '2026-10'].map(
    (name) => stream.request(monthSlice(name)).path.split('?')[0] ?? '',
  );
}

function route(streamId: string, answer: FakeAnswer): void {
  for (const path of pathsOf(streamId)) api.route(path, () => answer);
}

async function collect(chosen = streams) {
  const collector = new Collector(database, fixedClock(NOW_MS), silentLogger, streams);
  onTestFinished(() => collector.close());
  const [account] = await collector.collect(chosen);
  if (account === undefined) throw new Error('no account');
  return account;
}

async function expected(): Promise<string[]> {
  const { rows } = await database.pool.query<{ stream: string }>(
    `select stream from landing.expectation where account_id = 'vp' order by stream collate "C"`,
  );
  return rows.map(({ stream }) => stream);
}

const asked = (account: Awaited<ReturnType<typeof collect>>): string[] => [
  ...new Set(account.sweeps.map(({ streamId }) => streamId)),
];
/** Streams with at least one slice when nothing is landed yet. */
const whole = (): string[] =>
  streams.flatMap(({ stream }) => (stream.slices.kind === 'per-record' ? [] : [stream.id]));

describe('an endpoint that is refused', () => {
  test.each([403, 404])('with %i fails alone: every other stream is asked', async (status) => {
    const [first = ''] = whole();
    route(first, { status });
    const account = await collect();
    expect(account.error).toBeNull();
    expect(asked(account)).toEqual(whole());
    const failed = account.sweeps.filter(({ error }) => error?.includes(`HTTP ${status}`) === true);
    expect(failed.map(({ streamId }) => streamId)).toEqual(
      account.sweeps.flatMap(({ streamId }) => (streamId === first ? [first] : [])),
    );
  });

  test('with 401 fails alone where the provider lets the key in elsewhere', async () => {
    const [first = ''] = whole();
    route(first, { status: 401 });
    const account = await collect();
    expect(account.error).toBeNull();
    expect(asked(account)).toEqual(whole());
  });

  test('with 401 ends the round where the probe is refused, too', async () => {
    for (const id of whole()) route(id, { status: 401 });
    const account = await collect();
    expect(account.error).toBeInstanceOf(CredentialsError);
    // The stream and the probe, each with the one retry that a token that ran out deserves.
    expect(api.requests).toHaveLength(4);
  });

  test('by a wait of a year ends the round, which the schedule takes up again', async () => {
    const [first = ''] = whole();
    route(first, { status: 429, headers: { 'retry-after': '31536000' } });
    const account = await collect();
    expect(account.error).toBeInstanceOf(WaitAskedError);
    expect(api.requests).toHaveLength(1);
    const rest = await collect(streams.filter(({ stream }) => stream.id !== first));
    expect(rest.error).toBeNull();
    expect(asked(rest)).toEqual(whole().slice(1));
  });
});

describe('what is expected', () => {
  const all = () => streams.map(({ stream }) => stream.id).sort();

  test('is every configured stream from the first start, asked or not', async () => {
    await collect(streams.slice(0, 1));
    expect(await expected()).toEqual(all());
  });

  test('is every configured stream though the key is refused, and coverage says what is missing', async () => {
    for (const id of whole()) route(id, { status: 401 });
    await collect();
    expect(await expected()).toEqual(all());
  });
});

test('what was never asked is shown by the reports that say how fresh the data is', async () => {
  for (const id of whole()) route(id, { status: 401 });
  await collect();
  const { rows } = await database.pool.query<{ stream: string; complete_at: Date | null }>(
    `select stream, complete_at from mart.rpt_freshness where account_id = 'vp'`,
  );
  expect(rows.map(({ stream }) => stream).sort()).toEqual(
    streams.map(({ stream }) => stream.id).sort(),
  );
  expect(rows.filter(({ complete_at: completeAt }) => completeAt !== null)).toEqual([]);
});

test('a listing may take half of its schedule at most', async () => {
  const slow = { ...streams[0], schedule: '* * * * *' } as StreamOfAccount;
  const limits: number[] = [];
  const collector = new Collector(database, fixedClock(NOW_MS), silentLogger);
  onTestFinished(() => collector.close());
  limits.push(collector.limits(slow).sweepMsMax);
  limits.push(collector.limits({ ...slow, schedule: '0 0 * * *' }).sweepMsMax);
  expect(limits).toEqual([30_000, 600_000]);
});
