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

describe('what PostgreSQL cannot take', () => {
  it('is set aside though two records of an answer are the same', async ({
    api,
    runAt,
    landed,
  }) => {
    api.route('/things', answer([null, { id: 'a', n: 1 }, null]));
    expect(await runAt(1, { stream: strict })).toMatchObject([{ outcome: 'complete' }]);
    expect(await landed.versions()).toEqual(['a {"n": 1, "id": "a"} seen 1-']);
    expect(await landed.quarantine()).toHaveLength(1);
  });

  it('is set aside though two members of a map are the same', async ({ api, runAt, landed }) => {
    api.route('/things', answer({ a: { n: 'x' }, b: { n: 'x' }, c: { n: 1 } }));
    expect(await runAt(1, { stream: map })).toMatchObject([{ outcome: 'complete' }]);
    expect(await landed.versions()).toEqual(['c {"n": 1} seen 1-']);
  });

  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  for (const [name, text, kept, reason] of [
    ['a null character', '"x\\u0000y"', '"x\\\\u0000y"', 'tags.0: holds the character U+0000'],
    ['half a surrogate pair', '"x\\ud83d"', '"x\\\\ud83d"', 'tags.0: holds half a surrogate pair'],
    ['a number beyond numeric', '1e200000', '"1e200000"', 'tags.0: a number of more than 1000'],
    ['a number of many digits', '9'.repeat(1001), `"${'9'.repeat(64)}"`, 'tags.0: a number of'],
    ['nesting without end', deep(50_000), null, 'nested deeper than 100 levels'],
  ] as const) {
    it(`is set aside alone, named, and its neighbours land: ${name}`, async ({
      api,
      runAt,
      landed,
    }) => {
      const results = `[{"id":"a","n":1},{"id":"b","n":1,"tags":[${text}]},{"id":"c","n":1}]`;
      api.route('/things', () => ({ body: `{"results":${results}}` }));
      expect(await runAt(1, { stream: strict })).toMatchObject([
        { outcome: 'complete', landed: { records: 2, recordsQuarantined: 1 } },
      ]);
      expect(await landed.versions()).toEqual([
        'a {"n": 1, "id": "a"} seen 1-',
        'c {"n": 1, "id": "c"} seen 1-',
      ]);
      const [aside] = await landed.quarantine();
      expect(aside?.reason).toContain(reason);
      if (kept !== null) expect(aside?.payload).toBe(`{"n": 1, "id": "b", "tags": [${kept}]}`);
      // It keeps its key: the record as it was before is still there, the others can be gone.
      api.route('/things', answer([{ id: 'b', n: 1 }]));
      await runAt(2, { stream: strict });
      expect(await landed.quarantine()).toMatchObject([{ released: 2 }]);
    });
  }

  it('is set aside under its key, whole pairs and escaped backslashes being no such thing', async ({
    api,
    runAt,
    landed,
  }) => {
    const good = '{"id":"\\ud83d\\ude00","n":1,"x":"\\\\u0000"}';
    api.route('/things', () => ({ body: `{"results":[${good},{"id":"b\\u0000","n":1}]}` }));
    await runAt(1, { stream: strict });
    expect(await landed.versions()).toEqual([
      '\u{1f600} {"n": 1, "x": "\\\\u0000", "id": "\u{1f600}"} seen 1-',
    ]);
    expect(await landed.quarantine()).toMatchObject([{ payload: '{"n": 1, "id": "b\\\\u0000"}' }]);
  });

  it('in a field that is redacted or omitted, or in the name of a member, harms no other', async ({
    api,
    runAt,
    landed,
  }) => {
    const declared = stream({
      redactedFields: ['secret'],
      entities: [{ ...strict.entities[0], omit: ['noise'] }],
    });
    const results = [
      '{"id":"a","n":1,"secret":"\\u0000"}',
      '{"id":"b","n":1,"noise":"\\u0000"}',
      '{"id":"c","n":1,"x\\u0000":1}',
    ];
    api.route('/things', () => ({ body: `{"results":[${results.join(',')}]}` }));
    await runAt(1, { stream: declared });
    expect((await landed.versions()).map((version) => version[0])).toEqual(['a', 'b']);
    expect(await landed.quarantine()).toMatchObject([
      { payload: '{"n": 1, "id": "c", "x\\\\u0000": 1}' },
    ]);
  });

  it('is set aside when the map names it so', async ({ api, runAt, landed }) => {
    api.route('/things', () => ({ body: '{"results":{"p\\u0000":{"n":1},"q":{"n":2}}}' }));
    await runAt(1, { stream: map });
    expect(await landed.versions()).toEqual(['q {"n": 2} seen 1-']);
    expect(await landed.quarantine()).toMatchObject([{ payload: '{"n": 1}' }]);
  });

  it('is set aside when its key is longer than an index row, and lets others be gone', async ({
    api,
    runAt,
    landed,
    database,
    accountId,
  }) => {
    // No run of one letter, which an index compresses.
    const id = Array.from({ length: 4000 }, (_, index) => ((index * 7919) % 36).toString(36)).join(
      '',
    );
    api.route(
      '/things',
      answer([
        { id: 'a', n: 1 },
        { id: 'b', n: 1 },
        { id, n: 1 },
      ]),
    );
    expect(await runAt(1, { stream: strict })).toMatchObject([
      { outcome: 'complete', landed: { records: 2, recordsQuarantined: 1 } },
    ]);
    expect(await landed.quarantine()).toMatchObject([
      { reason: 'its key is longer than 512 bytes' },
    ]);
    const { rows } = await database.pool.query(
      'select record_key from landing.quarantine where account_id = $1',
      [accountId],
    );
    expect(rows).toEqual([{ record_key: expect.stringMatching(/^.{64}… sha256 [0-9a-f]{64}$/) }]);
    api.route(
      '/things',
      answer([
        { id: 'b', n: 1 },
        { id, n: 1 },
      ]),
    );
    await runAt(2, { stream: strict });
    expect((await landed.versions())[0]).toBe('a {"n": 1, "id": "a"} seen 1-1, gone 2');
  });

  it('fails that sweep on record, and not the run, whatever the server calls it', async ({
    api,
    runAt,
    landed,
    database,
    accountId,
  }) => {
    for (const [hour, code] of ['54000', '54001', 'XX000', '23514'].entries()) {
      await database.pool.query(
        `create or replace function public.refuse() returns trigger language plpgsql as $$
           begin raise exception 'refused' using errcode = '${code}'; end $$;
         create or replace trigger refuse before insert on landing.version for each row
           when (new.account_id = '${accountId}') execute function public.refuse()`,
      );
      api.route('/things', answer([{ id: 'a', n: 1 }]));
      expect(await runAt(hour, { stream: strict })).toMatchObject([
        { outcome: 'failed', error: expect.stringContaining(`acme.thing: PostgreSQL cannot`) },
      ]);
      expect((await landed.sweeps()).at(-1)?.error).toContain(`(SQLSTATE ${code})`);
    }
    await database.pool.query('drop trigger refuse on landing.version');
    expect(await runAt(9, { stream: strict })).toMatchObject([{ outcome: 'complete' }]);
  });
});
