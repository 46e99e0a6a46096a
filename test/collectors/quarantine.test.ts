import { describe, expect } from 'vitest';
import * as z from 'zod';
import type { Stream } from '../../collectors/stream.ts';
import { it, stream } from './bench.ts';

const strict = stream({
  entities: [{ ...stream().entities[0], schema: z.looseObject({ id: z.string(), n: z.int() }) }],
});
const map: Stream = stream({
  entities: [
    {
      ...strict.entities[0],
      name: 'acme.pod',
      records: { shape: 'map', path: ['results'] },
      key: [],
      schema: z.looseObject({ n: z.int() }),
    },
  ],
});
const answer = (results: unknown) => () => ({ body: { results } });

describe('a record that fails its schema', () => {
  it('is set aside with the reason, alone, until it is mended', async ({ api, runAt, landed }) => {
    const b = { id: 'b', n: 1 };
    api.route('/things', answer([{ id: 'a', n: 1 }, b]));
    await runAt(1, { stream: strict });
    api.route(
      '/things',
      answer([
        { id: 'a', n: 'one' },
        { ...b, n: 2 },
        { id: 'c', n: 1 },
      ]),
    );
    for (const hour of [2, 3]) {
      expect(await runAt(hour, { stream: strict })).toMatchObject([
        { outcome: 'complete', landed: { records: 2, recordsGone: 0, recordsQuarantined: 1 } },
      ]);
    }
    const aside = { payload: '{"n": "one", "id": "a"}', first: 2, last: 3 };
    const reason = expect.stringMatching(/^n: .*expected/) as string;
    expect(await landed.quarantine()).toEqual([{ ...aside, reason, released: null }]);
    expect(await landed.versions()).toEqual([
      'a {"n": 1, "id": "a"} seen 1-',
      'b {"n": 1, "id": "b"} seen 1-1, changed 2',
      'b {"n": 2, "id": "b"} seen 2-',
      'c {"n": 1, "id": "c"} seen 2-',
    ]);
    api.route(
      '/things',
      answer([
        { id: 'a', n: 4 },
        { ...b, n: 2 },
        { id: 'c', n: 1 },
      ]),
    );
    await runAt(4, { stream: strict });
    expect(await landed.quarantine()).toEqual([{ ...aside, reason, released: 4 }]);
    expect((await landed.versions()).at(-1)).toBe('a {"n": 4, "id": "a"} seen 4-');
  });

  it('is taken in when the schema is mended, though the answer is the same', async ({
    api,
    runAt,
    landed,
  }) => {
    api.route('/things', answer([{ id: 'a', n: 'one' }]));
    await runAt(1, { stream: strict });
    expect(await landed.versions()).toEqual([]);
    await runAt(2);
    expect(await landed.versions()).toEqual(['a {"n": "one", "id": "a"} seen 2-']);
    expect(await landed.quarantine()).toMatchObject([{ first: 1, last: 1, released: 2 }]);
  });

  it('that comes back is in quarantine again', async ({ api, runAt, landed }) => {
    for (const [hour, n] of [
      [1, 'x'],
      [2, 2],
      [3, 'x'],
    ] as const) {
      api.route('/things', answer([{ id: 'a', n }]));
      await runAt(hour, { stream: strict });
    }
    expect(await landed.quarantine()).toMatchObject([{ first: 1, last: 3, released: null }]);
    expect(await landed.versions()).toEqual(['a {"n": 2, "id": "a"} seen 2-']);
  });

  it('is not released by a sweep that failed', async ({ api, runAt, landed }) => {
    api.script('/things', [answer([{ id: 'a' }])(), { status: 500 }]);
    await runAt(1, { stream: strict });
    await runAt(2, { stream: strict });
    expect(await landed.quarantine()).toMatchObject([{ last: 1, released: null }]);
  });

  it('without a readable key lets nothing of its kind be gone', async ({ api, runAt, landed }) => {
    api.route(
      '/things',
      answer([
        { id: 'a', n: 1 },
        { id: 'b', n: 1 },
      ]),
    );
    await runAt(1, { stream: strict });
    for (const [hour, broken] of [
      [2, { n: 1 }],
      [3, null],
      [4, 'a'],
      [5, [{ id: 'a' }]],
    ] as const) {
      api.route('/things', answer([{ id: 'b', n: hour }, broken]));
      await runAt(hour, { stream: strict });
    }
    const versions = await landed.versions();
    expect(versions[0]).toBe('a {"n": 1, "id": "a"} seen 1-');
    expect(versions.at(-1)).toBe('b {"n": 5, "id": "b"} seen 5-');
    expect(versions.filter((version) => version.includes('gone'))).toEqual([]);
  });

  it('whose key has another type lets nothing of its kind be gone', async ({
    api,
    runAt,
    landed,
  }) => {
    api.route(
      '/things',
      answer([
        { id: '7', n: 1 },
        { id: 'true', n: 1 },
      ]),
    );
    await runAt(1, { stream: strict });
    api.route(
      '/things',
      answer([
        { id: { text: '7' }, n: 1 },
        { id: [true], n: 1 },
      ]),
    );
    await runAt(2, { stream: strict });
    expect((await landed.versions()).filter((version) => version.includes('gone'))).toEqual([]);
  });

  it('after a good one of the same key is the one that counts', async ({ api, runAt, landed }) => {
    api.route(
      '/things',
      answer([
        { id: 'a', n: 1 },
        { id: 'a', n: 'x' },
      ]),
    );
    await runAt(1, { stream: strict });
    expect(await landed.versions()).toEqual([]);
    expect(await landed.quarantine()).toHaveLength(1);
  });

  it('is told apart from its neighbours on every page', async ({ api, runAt, landed }) => {
    const paged: Stream = { ...strict, pagination: { kind: 'ranged-data', recordsPerPage: 2 } };
    api.script('/things', [
      answer([
        { id: 'a', n: 1 },
        { id: 'b', n: 'x' },
      ])(),
      answer([
        { id: 'c', n: 'x' },
        { id: 'd', n: 1 },
      ])(),
      answer([])(),
    ]);
    await runAt(1, { stream: paged });
    expect((await landed.quarantine()).map(({ payload }) => payload)).toEqual([
      '{"n": "x", "id": "b"}',
      '{"n": "x", "id": "c"}',
    ]);
    expect(await landed.versions()).toHaveLength(2);
  });
});

describe('a map’s member that fails its schema', () => {
  it('is the one set aside, whatever the order of the names', async ({ api, runAt, landed }) => {
    api.route('/things', answer({ pod_10: { n: 'x' }, pod_2: { n: 2 }, 3: { n: 3 } }));
    await runAt(1, { stream: map });
    expect((await landed.versions()).sort()).toEqual([
      '3 {"n": 3} seen 1-',
      'pod_2 {"n": 2} seen 1-',
    ]);
    expect((await landed.quarantine()).map(({ payload }) => payload)).toEqual(['{"n": "x"}']);
  });

  it('is the only one', async ({ api, runAt, landed }) => {
    api.route('/things', answer({ pod_1: { n: 'x' } }));
    await runAt(1, { stream: map });
    expect(await landed.versions()).toEqual([]);
    expect(await landed.quarantine()).toMatchObject([{ payload: '{"n": "x"}', released: null }]);
  });
});
