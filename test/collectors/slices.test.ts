import { describe, expect, test } from 'vitest';
import { monthSlice, recentMonths, slicesOf } from '../../collectors/slices.ts';
import type { Slices, Stream } from '../../collectors/stream.ts';
import { UsageError } from '../../foundation/errors.ts';
import { at, it, stream } from './bench.ts';

describe('months', () => {
  for (const [now, previous, expected] of [
    ['2026-10-15T12:00:00Z', 0, ['2026-10']],
    ['2026-10-01T00:00:00Z', 1, ['2026-09', '2026-10']],
    ['2026-09-30T23:59:59.999Z', 1, ['2026-08', '2026-09']],
    ['2026-01-31T00:00:00Z', 2, ['2025-11', '2025-12', '2026-01']],
    // In Amsterdam it is 1 April already, and the clock has just gone forward.
    ['2026-03-31T22:30:00Z', 1, ['2026-02', '2026-03']],
    ['2028-03-31T00:00:00Z', 1, ['2028-02', '2028-03']],
  ] as const) {
    test(`at ${now} with ${previous} before it`, () => {
      expect(recentMonths(Date.parse(now), previous)).toEqual(expected);
    });
  }

  for (const [name, month] of [
    ['2026-10', { year: 2026, month: 10, startDate: '2026-10-01', endDate: '2026-11-01' }],
    ['2026-12', { year: 2026, month: 12, startDate: '2026-12-01', endDate: '2027-01-01' }],
    ['2028-02', { year: 2028, month: 2, startDate: '2028-02-01', endDate: '2028-03-01' }],
  ] as const) {
    test(`${name} is half open`, () => {
      expect(monthSlice(name)).toEqual({ name, month });
    });
  }

  for (const name of ['2026-13', '2026-00', '2026-1', '26-01', '2026-01-01', ' 2026-01', '']) {
    test(`"${name}" is refused`, () => {
      expect(() => monthSlice(name)).toThrow(UsageError);
    });
  }
});

describe('a run', () => {
  const cut = (slices: Slices): Stream => stream({ id: 'acme.part', slices });

  it('of a whole stream has one slice', async ({ database, accountId }) => {
    const slices = await database.pool
      .connect()
      .then((connection) =>
        slicesOf(connection, accountId, stream(), at(0), ['2026-01']).finally(() =>
          connection.release(),
        ),
      );
    expect(slices).toEqual([{ name: '' }]);
  });

  it('of months takes the current and the previous ones, or those asked for', async ({
    api,
    runAt,
  }) => {
    api.route('/things', () => ({ body: { results: [] } }));
    const monthly = cut({ kind: 'months', previous: 1 });
    const usual = await runAt(0, { stream: monthly });
    expect(usual?.map(({ slice }) => slice)).toEqual(['2026-09', '2026-10']);
    const asked = await runAt(1, { stream: monthly, months: ['2025-02'] });
    expect(asked?.map(({ slice }) => slice)).toEqual(['2025-02']);
  });

  // Hours from 10 October: 2026-10 is two months back in December (weekly), 2026-09 three (two weeks).
  it('of months reads older ones again at growing intervals, if they were ever read', async ({
    api,
    runAt,
  }) => {
    api.route('/things', () => ({ body: { results: [] } }));
    const monthly = cut({ kind: 'months', previous: 1, readAgain: 6 });
    const readOn = async (day: string): Promise<unknown> => {
      const hour = (Date.parse(`${day}T00:00:00Z`) - at(0)) / 3_600_000;
      return (await runAt(hour, { stream: monthly }))?.map(({ slice }) => slice);
    };
    const recent = ['2026-11', '2026-12'];
    expect(await readOn('2026-11-30')).toEqual(['2026-10', '2026-11']);
    expect(await readOn('2026-12-06')).toEqual(recent);
    expect(await readOn('2026-12-07')).toEqual(['2026-10', ...recent]);
    expect(await readOn('2026-12-13')).toEqual(recent);
    expect(await readOn('2026-12-14')).toEqual(['2026-10', ...recent]);
    expect(await readOn('2027-01-01')).toEqual(['2026-10', '2026-11', '2026-12', '2027-01']);
    expect(await readOn('2027-01-14')).toEqual(['2026-11', '2026-12', '2027-01']);
    expect(await readOn('2027-01-15')).toEqual(['2026-10', '2026-12', '2027-01']);
  });

  it('refuses a malformed month before it asks for anything', async ({ api, runAt }) => {
    const monthly = cut({ kind: 'months', previous: 0 });
    await expect(runAt(0, { stream: monthly, months: ['2026-10', 'October'] })).rejects.toThrow(
      UsageError,
    );
    expect(api.requests).toEqual([]);
  });

  it('per record follows the parent: new ones come, gone ones are asked for no more', async ({
    api,
    runAt,
  }) => {
    const parts: Stream = {
      ...cut({ kind: 'per-record', entity: 'acme.thing', listedBy: 'acme.thing' }),
      request: ({ name }) => ({ path: `/things/${encodeURIComponent(name)}` }),
    };
    const slicesAt = async (hour: number, ids: readonly string[]): Promise<unknown> => {
      api.route('/things', () => ({ body: { results: ids.map((id) => ({ id })) } }));
      for (const id of ids) {
        api.route(`/things/${encodeURIComponent(id)}`, () => ({ body: { results: [] } }));
      }
      await runAt(hour);
      return (await runAt(hour, { stream: parts }))?.map(({ slice, outcome }) => [slice, outcome]);
    };
    expect(await slicesAt(0, [])).toEqual([]);
    expect(await slicesAt(1, ['b', 'a/1'])).toEqual([
      ['a/1', 'complete'],
      ['b', 'complete'],
    ]);
    expect(await slicesAt(2, ['b', 'c'])).toEqual([
      ['b', 'complete'],
      ['c', 'complete'],
    ]);
  });

  it('per record has nothing to ask while its listing has no records, and says so', async ({
    api,
    database,
    runAt,
    accountId,
  }) => {
    const parts = cut({ kind: 'per-record', entity: 'acme.thing', listedBy: 'acme.thing' });
    const recorded = async (): Promise<unknown> => {
      const { rows } = await database.pool.query(
        `select outcome, requests, records from landing.sweep
         where account_id = $1 and stream = 'acme.part'`,
        [accountId],
      );
      return rows;
    };
    await runAt(0, { stream: parts });
    expect(await recorded()).toEqual([]); // nobody knows yet what there is to ask
    api.route('/things', () => ({ body: { results: [] } }));
    await runAt(1);
    await runAt(1, { stream: parts });
    expect(await recorded()).toEqual([{ outcome: 'complete', requests: 0, records: 0 }]);
  });

  it('per record does not see the records of another account', async ({
    api,
    runAt,
    accountId,
  }) => {
    api.route('/things', () => ({ body: { results: [{ id: 'a' }] } }));
    await runAt(0, { accountId: `${accountId}-other` });
    expect(
      await runAt(0, {
        stream: cut({ kind: 'per-record', entity: 'acme.thing', listedBy: 'acme.thing' }),
      }),
    ).toEqual([]);
  });

  it('takes a record that two slices of its parent list for one', async ({ api, runAt }) => {
    api.route('/things', () => ({ body: { results: [{ id: 'a' }] } }));
    await runAt(0, { stream: stream({ slices: { kind: 'months', previous: 1 } }) });
    const results = await runAt(0, {
      stream: cut({ kind: 'per-record', entity: 'acme.thing', listedBy: 'acme.thing' }),
    });
    expect(results?.map(({ slice }) => slice)).toEqual(['a']);
  });
});
