import { describe, expect } from 'vitest';
import { DEFAULT_SWEEP_LIMITS } from '../../collectors/run-stream.ts';
import type { Stream } from '../../collectors/stream.ts';
import { CredentialsError, WaitAskedError } from '../../foundation/errors.ts';
import { failure, it, stream } from './bench.ts';

const ONE = { body: { results: [{ id: 'a' }] } };
const ranged = stream({ pagination: { kind: 'ranged-data', recordsPerPage: 2 } });
/** One path per slice: `/things/2026-09`, `/things/2026-10`. */
const monthly: Stream = stream({
  slices: { kind: 'months', previous: 1 },
  request: ({ name }) => ({ path: `/things/${name}` }),
});

describe('a run', () => {
  it('says what it landed, and records it', async ({ api, runAt, landed, accountId }) => {
    api.route('/things', () => ONE);
    const counts = { recordsNew: 1, recordsChanged: 0, recordsGone: 0, recordsQuarantined: 0 };
    expect(await runAt(1)).toEqual([
      {
        accountId,
        streamId: 'acme.thing',
        slice: '',
        outcome: 'complete',
        error: null,
        landed: { records: 1, ...counts },
        requests: 1,
      },
    ]);
    expect(await landed.sweeps()).toEqual([
      {
        hour: 1,
        slice: '',
        outcome: 'complete',
        error: null,
        requests: 1,
        retries: 0,
        pages: 1,
        records: 1,
        records_new: 1,
        records_changed: 0,
        records_gone: 0,
        records_quarantined: 0,
        unknown_fields: [],
      },
    ]);
  });

  it('that is denied where the stream tolerates it leaves everything as it was', async ({
    api,
    runAt,
    landed,
  }) => {
    const tolerant = stream({ tolerated: { 403: 'denied' } });
    api.script('/things', [ONE, { status: 403, body: { detail: 'not yours' } }]);
    await runAt(1, { stream: tolerant });
    const error = 'Acme answered HTTP 403 "not yours"';
    expect(await runAt(2, { stream: tolerant })).toMatchObject([
      { outcome: 'denied', error, landed: null, requests: 1 },
    ]);
    expect((await landed.sweeps())[1]).toMatchObject({ outcome: 'denied', error, records: 0 });
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
  });

  it('whose slice is absent where the stream tolerates it has no records any more', async ({
    api,
    runAt,
    landed,
  }) => {
    const tolerant = stream({ tolerated: { 404: 'absent' } });
    api.script('/things', [ONE, { status: 404 }]);
    await runAt(1, { stream: tolerant });
    expect(await runAt(2, { stream: tolerant })).toMatchObject([
      { outcome: 'complete', landed: { records: 0, recordsGone: 1 } },
    ]);
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-1, gone 2']);
  });

  it('takes an answer without the list for broken, not for empty', async ({
    api,
    runAt,
    landed,
  }) => {
    api.script('/things', [ONE, { body: { result: [] } }, { body: { results: {} } }, { body: [] }]);
    await runAt(1);
    for (const hour of [2, 3, 4]) {
      expect(await runAt(hour)).toMatchObject([
        { outcome: 'failed', error: 'acme.thing: "results" should be a list of acme.thing' },
      ]);
    }
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
  });

  it('fails when the listing has no end', async ({ api, runAt, landed }) => {
    let asked = 0;
    api.route('/things', () => ({ body: { results: [{ id: `${asked++}` }] } }));
    const limits = { ...DEFAULT_SWEEP_LIMITS, pagesMax: 3 };
    const results = await runAt(1, { stream: ranged, limits });
    expect(results).toMatchObject([{ outcome: 'failed', requests: 3 }]);
    expect(results?.[0]?.error).toContain('more than 3 pages');
    expect(await landed.versions()).toEqual([]);
  });

  it('that is stopped ends with the reason, and is not recorded as a failure', async ({
    api,
    runAt,
    landed,
  }) => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    api.route('/things/2026-09', () => {
      stop.abort(reason);
      return { ...ONE, delayMs: 5000 };
    });
    const run = runAt(1, { stream: monthly, signal: stop.signal });
    expect(await failure(run, Error)).toBe(reason);
    expect(api.requests).toHaveLength(1);
    expect(await landed.sweeps()).toEqual([]);
    api.route('/things', () => ONE);
    expect(await runAt(1)).not.toBeNull();
  });
});

describe('slices', () => {
  it('that fail leave the others', async ({ api, runAt, landed }) => {
    api.script('/things/2026-09', [ONE, { status: 500 }]);
    api.script('/things/2026-10', [ONE, { body: { results: [{ id: 'b' }] } }]);
    await runAt(1, { stream: monthly });
    const results = await runAt(2, { stream: monthly });
    expect(results?.map(({ slice, outcome }) => [slice, outcome])).toEqual([
      ['2026-09', 'failed'],
      ['2026-10', 'complete'],
    ]);
    expect(await landed.versions()).toEqual([
      '2026-09:a {"id": "a"} seen 1-',
      '2026-10:a {"id": "a"} seen 1-1, gone 2',
      '2026-10:b {"id": "b"} seen 2-',
    ]);
  });

  // The clock is in October: every run asks for September, only a backfill for the months before.
  it('that the provider does not report any more are denied in a backfill, and fail else', async ({
    api,
    runAt,
  }) => {
    api.route('/things/2026-07', () => ({ status: 410 }));
    api.route('/things/2026-08', () => ({ status: 503 }));
    api.route('/things/2026-09', () => ({ status: 410 }));
    api.route('/things/2026-10', () => ONE);
    const months = ['2026-07', '2026-08', '2026-09', '2026-10'];
    const outcomes = async (at: number, isBackfill: boolean): Promise<string[] | undefined> =>
      (await runAt(at, { stream: monthly, months, isBackfill }))?.map(({ outcome }) => outcome);
    expect(await outcomes(1, true)).toEqual(['denied', 'failed', 'failed', 'complete']);
    expect(await outcomes(2, false)).toEqual(['failed', 'failed', 'failed', 'complete']);
  });

  it('after a refused key are not asked for', async ({ api, runAt, landed }) => {
    api.route('/things/2026-09', () => ({ status: 401 }));
    api.route('/things/2026-10', () => ONE);
    const error = await failure(runAt(1, { stream: monthly }), CredentialsError);
    expect(api.requests.map(({ path }) => path)).toEqual(['/things/2026-09', '/things/2026-09']);
    expect(await landed.sweeps()).toMatchObject([
      { slice: '2026-09', outcome: 'failed', error: error.message, requests: 2, retries: 1 },
    ]);
    api.route('/things/2026-09', () => ONE);
    expect(await runAt(2, { stream: monthly })).toHaveLength(2);
  });
});

describe('a refused slice', () => {
  it('of 403 or 404 fails alone: the others are asked', async ({ api, runAt, landed }) => {
    for (const [hour, status] of [403, 404].entries()) {
      api.route('/things/2026-09', () => ({ status }));
      api.route('/things/2026-10', () => ONE);
      expect(await runAt(hour, { stream: monthly })).toMatchObject([
        { slice: '2026-09', outcome: 'failed', error: expect.stringContaining(`HTTP ${status}`) },
        { slice: '2026-10', outcome: 'complete' },
      ]);
    }
    expect((await landed.sweeps()).map(({ outcome }) => outcome)).toEqual([
      'failed',
      'complete',
      'failed',
      'complete',
    ]);
  });

  it('of 401 fails alone where the key is not refused elsewhere', async ({ api, runAt }) => {
    api.route('/things/2026-09', () => ({ status: 401 }));
    api.route('/things/2026-10', () => ONE);
    const isKeyRefused = () => Promise.resolve(false);
    expect(await runAt(1, { stream: monthly, isKeyRefused })).toMatchObject([
      { outcome: 'failed' },
      { outcome: 'complete' },
    ]);
  });

  it('that asks for a wait of a year ends the run, on record', async ({ api, runAt, landed }) => {
    api.route('/things/2026-09', () => ({ status: 503, headers: { 'retry-after': '31536000' } }));
    const error = await failure(runAt(1, { stream: monthly }), WaitAskedError);
    expect(api.requests).toHaveLength(1);
    expect(await landed.sweeps()).toMatchObject([{ outcome: 'failed', error: error.message }]);
  });
});
