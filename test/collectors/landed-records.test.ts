import { describe, expect } from 'vitest';
import * as z from 'zod';
import { it, land, stream, withThing } from './bench.ts';

const [thing] = stream().entities;

describe('numbers', () => {
  const exact = '{"e": 12.50, "id": "a", "big": 9007199254740993, "fine": 0.12345678901234567891}';
  const wire =
    '{"id":"a","big":9007199254740993,"fine":0.12345678901234567891,"e":12.50,"pin":"x"}';

  it('keep all their digits', async ({ api, runAt, landed }) => {
    await land(api, runAt, { 1: `[${wire.replace(',"pin":"x"', '')}]` });
    expect(await landed.versions()).toEqual([`a ${exact} seen 1-`]);
  });

  it('keep all their digits where a neighbour is redacted', async ({ api, runAt, landed }) => {
    await land(api, runAt, { 1: `[${wire}]` }, stream({ redactedFields: ['pin'] }));
    expect(await landed.versions()).toEqual([`a ${exact} seen 1-`]);
  });

  it('are different when JavaScript could not tell them apart', async ({ api, runAt, landed }) => {
    await land(api, runAt, {
      1: '[{"id":"a","big":9007199254740992}]',
      2: '[{"id":"a","big":9007199254740993}]',
    });
    expect(await landed.versions()).toEqual([
      'a {"id": "a", "big": 9007199254740992} seen 1-1, changed 2',
      'a {"id": "a", "big": 9007199254740993} seen 2-',
    ]);
  });

  it('are exact as keys', async ({ api, runAt, landed }) => {
    const numbered = withThing({ schema: z.looseObject({ id: z.number() }) });
    const answers = { 1: '[{"id":9007199254740992},{"id":9007199254740993}]' };
    await land(api, runAt, answers, numbered);
    expect(await landed.versions()).toEqual([
      '9007199254740992 {"id": 9007199254740992} seen 1-',
      '9007199254740993 {"id": 9007199254740993} seen 1-',
    ]);
  });
});

describe('keys', () => {
  it('that change case are one record where the vendor does so', async ({ api, runAt, landed }) => {
    const answers = {
      1: '[{"id":"AB"}]',
      2: '[{"id":"AB"}, {"id":"c"}]',
      3: '[{"id":"ab","v":2}]',
    };
    await land(api, runAt, answers, withThing({ name: 'acme.lower', keyCase: 'lower' }));
    expect(await landed.versions()).toEqual([
      'ab {"id": "AB"} seen 1-2, changed 3',
      'c {"id": "c"} seen 2-2, gone 3',
      'ab {"v": 2, "id": "ab"} seen 3-',
    ]);
  });

  it('are two records where case has a meaning', async ({ api, runAt, landed }) => {
    await land(api, runAt, { 1: '[{"id":"AB"},{"id":"ab"}]' });
    expect(await landed.versions()).toHaveLength(2);
  });

  it('join several fields', async ({ api, runAt, landed }) => {
    const joined = withThing({ name: 'acme.joined', key: [['at', 'site'], ['id']] });
    await land(
      api,
      runAt,
      { 1: '[{"id":"a","at":{"site":1}},{"id":"a","at":{"site":2}}]' },
      joined,
    );
    const keys = (await landed.versions()).map((version) => version.split(' ')[0]);
    expect(keys).toEqual(['1/a', '2/a']);
  });

  it('that stand twice in one answer count once, the last of them', async ({
    api,
    runAt,
    landed,
  }) => {
    await land(api, runAt, { 1: '[{"id":"a","v":1},{"id":"b"},{"id":"a","v":2}]' });
    expect((await landed.sweeps())[0]).toMatchObject({ records: 2, records_new: 2 });
    expect((await landed.changes()).sort()).toEqual(['new a', 'new b']);
    expect((await landed.versions()).sort()).toEqual([
      'a {"v": 2, "id": "a"} seen 1-',
      'b {"id": "b"} seen 1-',
    ]);
  });
});

describe('records', () => {
  it('without their omitted members make no version when only those change', async ({
    api,
    runAt,
    landed,
  }) => {
    const answers = { 1: '[{"id":"a","seen":1}]', 2: '[{"id":"a","seen":2,"parts":[]}]' };
    await land(api, runAt, answers, withThing({ omit: ['seen', 'parts'] }));
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
    expect((await landed.sweeps()).map((row) => row.unknown_fields)).toEqual([[], []]);
  });

  it('of a map are named by their members', async ({ api, runAt, landed }) => {
    const pods = withThing({
      name: 'acme.pod',
      records: { shape: 'map', path: ['results'] },
      key: [],
      schema: z.looseObject({}),
    });
    await land(
      api,
      runAt,
      { 1: '{"pod_10":{"n":1},"total":2,"Pod":{"n":1}}', 2: '{"Pod":{"n":2}}' },
      pods,
    );
    expect((await landed.versions()).sort()).toEqual([
      'Pod {"n": 1} seen 1-1, changed 2',
      'Pod {"n": 2} seen 2-',
      'pod_10 {"n": 1} seen 1-1, gone 2',
    ]);
  });

  it('of several kinds in one answer are landed apart', async ({ api, runAt, landed }) => {
    const declared = stream({
      entities: [
        thing,
        {
          ...thing,
          name: 'acme.total',
          records: { shape: 'object', path: [] },
          key: [],
          schema: z.looseObject({ sum: z.number() }),
          omit: ['results'],
        },
      ],
    });
    for (const [hour, sum] of [
      [1, 3],
      [2, 4],
    ] as const) {
      api.route('/things', () => ({ body: { sum, results: [{ id: 'a' }] } }));
      await runAt(hour, { stream: declared });
    }
    expect(await landed.versions('acme.thing')).toEqual(['a {"id": "a"} seen 1-']);
    expect(await landed.versions('acme.total')).toEqual([
      ' {"sum": 3} seen 1-1, changed 2',
      ' {"sum": 4} seen 2-',
    ]);
  });

  it('of two accounts have nothing to do with one another', async ({
    api,
    runAt,
    landed,
    accountId,
  }) => {
    await land(api, runAt, { 1: '[{"id":"a"}]' });
    api.route('/things', () => ({ body: { results: [] } }));
    await runAt(2, { accountId: `${accountId}-b` });
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
  });

  it('with fields nobody knows are kept whole, and the fields are named', async ({
    api,
    runAt,
    landed,
  }) => {
    await land(api, runAt, { 1: '[{"id":"a","zone":1},{"id":"b","age":2}]' });
    expect(await landed.versions()).toEqual([
      'a {"id": "a", "zone": 1} seen 1-',
      'b {"id": "b", "age": 2} seen 1-',
    ]);
    expect((await landed.sweeps())[0]?.unknown_fields).toEqual([
      'acme.thing.age',
      'acme.thing.zone',
    ]);
  });
});
