/**
 * Goal: closed hours of declared metrics are asked for once, and what is wrong is one line. Method: the runner
 * against a server of metrics over HTTP.
 */
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  ACTIVE,
  always,
  collected,
  DAY,
  matrix,
  servedMetrics,
} from '../../transforms/utilisation/world.ts';

const series = { labels: { host: 'alpha', gpu: '0' }, values: always('50') };
const ANSWER = { [ACTIVE.query]: matrix([series]) };

describe('samples of a metric', () => {
  it('are asked for by day with an hour as the step, and not again once the day is closed', async () => {
    const { pool } = await testDatabase();
    const api = await servedMetrics(ANSWER);
    expect(await collected(pool, api, [ACTIVE])).toMatchObject([
      { slice: `gpu_active/${DAY}`, outcome: 'complete', landed: { records: 1, recordsNew: 1 } },
      // Of the 15th no hour is closed at 00:20.
    ]);
    expect(Object.fromEntries(api.requests[0]?.query ?? [])).toEqual({
      query: ACTIVE.query,
      start: String(Date.parse(`${DAY}T01:00:00Z`) / 1_000),
      end: String(Date.parse('2026-10-15T00:00:00Z') / 1_000),
      step: '3600',
    });
    expect(await collected(pool, api, [ACTIVE])).toEqual([]);
  });

  it('are asked for once more a day after the day, since samples come late', async () => {
    const { pool } = await testDatabase();
    const answers = { ...ANSWER };
    const api = await servedMetrics(answers);
    const patient = { ...ACTIVE, backfill_days: 2 };
    const slicesAt = async (now: string): Promise<string[]> =>
      (await collected(pool, api, [patient], {}, now))
        .filter(({ slice }) => slice.endsWith(DAY))
        .map(({ landed }) => `${landed?.recordsChanged} changed`);
    expect(await slicesAt('2026-10-15T00:20:00Z')).toEqual(['0 changed']);
    expect(await slicesAt('2026-10-15T12:20:00Z')).toEqual([]);
    answers[ACTIVE.query] = matrix([{ ...series, values: always('75') }]);
    expect(await slicesAt('2026-10-16T00:20:00Z')).toEqual(['1 changed']);
    expect(await slicesAt('2026-10-16T12:20:00Z')).toEqual([]);
  });

  it('are asked for with the token, the tenant and the header of the account', async () => {
    const { pool } = await testDatabase();
    const api = await servedMetrics(ANSWER);
    const credentials = { token: 't', org_id: 'nlp', header: 'X-Extra', header_value: 'v' };
    await collected(pool, api, [ACTIVE], credentials);
    expect(api.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      'x-scope-orgid': 'nlp',
      'x-extra': 'v',
    });
    await collected(pool, api, [{ ...ACTIVE, name: 'other' }], { user: 'u', password: 'p' });
    expect(api.requests.at(-1)?.headers.authorization).toBe('Basic dTpw');
  });

  it.for([
    [
      'a query that fails',
      { status: 400, body: { status: 'error', errorType: 'bad_data', error: 'parse error' } },
      `account metrics: Prometheus answered HTTP 400 "parse error" [stream prometheus.samples, GET /api/v1/query_range]: nothing of it was kept; compare with the provider's documents`,
    ],
    [
      'an answer without series',
      { body: { status: 'success', data: {} } },
      `prometheus.samples gpu_active/${DAY}: "data.result" should be a list of prometheus.series`,
    ],
  ] as const)('%s leaves one line and no samples', async ([, answer, error]) => {
    const { pool } = await testDatabase();
    const api = await servedMetrics({ [ACTIVE.query]: answer });
    expect(await collected(pool, api, [ACTIVE])).toMatchObject([{ outcome: 'failed', error }]);
  });

  it('of more series than page_records_max are refused', async () => {
    const { pool } = await testDatabase();
    const many = Array.from({ length: 100_001 }, (_, index) => ({
      metric: { gpu: String(index) },
      values: [],
    }));
    const body = { status: 'success', data: { resultType: 'matrix', result: many } };
    const api = await servedMetrics({ [ACTIVE.query]: { body } });
    expect(await collected(pool, api, [ACTIVE])).toMatchObject([
      { outcome: 'failed', error: expect.stringContaining('more than 100000 records') },
    ]);
  });

  it('that are no numbers set their series aside, alone', async () => {
    const { pool } = await testDatabase();
    const broken = { labels: { host: 'beta' }, values: ['lots'] };
    const api = await servedMetrics({ [ACTIVE.query]: matrix([series, broken]) });
    expect(await collected(pool, api, [ACTIVE])).toMatchObject([
      { outcome: 'complete', landed: { recordsNew: 1, recordsQuarantined: 1 } },
    ]);
  });
});
