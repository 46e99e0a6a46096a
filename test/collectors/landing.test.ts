import { describe, expect } from 'vitest';
import { it, land, withThing } from './bench.ts';

describe('versions', () => {
  it('hold from when to when each payload was seen', async ({ api, runAt, landed }) => {
    await land(api, runAt, {
      1: '[{"id":"a","v":1},{"id":"b"}]',
      2: '[{"id":"a","v":1},{"id":"b"}]',
      3: '[{"id":"a","v":2},{"id":"b"}]',
      4: '[{"id":"b"}]',
      5: '[{"id":"b"}]',
      6: '[{"id":"b"},{"id":"a","v":1}]',
    });
    expect(await landed.versions()).toEqual([
      'a {"v": 1, "id": "a"} seen 1-2, changed 3',
      'b {"id": "b"} seen 1-',
      'a {"v": 2, "id": "a"} seen 3-3, gone 4',
      'a {"v": 1, "id": "a"} seen 6-',
    ]);
    expect(await landed.changes()).toEqual([
      'new a',
      'new b',
      'changed a, seen until 2',
      'gone a, seen until 3',
      'new a',
    ]);
    const counts = (await landed.sweeps()).map((row) => [
      row.hour,
      row.records,
      row.records_new,
      row.records_changed,
      row.records_gone,
    ]);
    expect(counts).toEqual([
      [1, 2, 2, 0, 0],
      [2, 2, 0, 0, 0],
      [3, 2, 0, 1, 0],
      [4, 1, 0, 0, 1],
      [5, 1, 0, 0, 0],
      [6, 2, 1, 0, 0],
    ]);
  });

  it('were last seen by the last complete sweep, not by a failed one', async ({
    api,
    runAt,
    landed,
  }) => {
    await land(api, runAt, { 1: '[{"id":"a"},{"id":"b"}]' });
    api.route('/things', () => ({ status: 500 }));
    await runAt(2);
    await land(api, runAt, { 3: '[{"id":"a","v":2}]' });
    expect(await landed.versions()).toEqual([
      'a {"id": "a"} seen 1-1, changed 3',
      'b {"id": "b"} seen 1-1, gone 3',
      'a {"v": 2, "id": "a"} seen 3-',
    ]);
  });

  it('do not end by absence where a listing is a window', async ({ api, runAt, landed }) => {
    await land(
      api,
      runAt,
      { 1: '[{"id":"a"},{"id":"b"}]', 2: '[{"id":"b","v":2}]', 3: '[]' },
      withThing({ absence: 'unknown' }),
    );
    expect(await landed.versions()).toEqual([
      'a {"id": "a"} seen 1-',
      'b {"id": "b"} seen 1-1, changed 2',
      'b {"v": 2, "id": "b"} seen 2-',
    ]);
    expect(await landed.changes()).toEqual(['new a', 'new b', 'changed b, seen until 1']);
  });

  it('of an order or a spelling of JSON are one', async ({ api, runAt, landed }) => {
    await land(api, runAt, {
      1: '[{"id":"a","v":{"x":1,"y":[1,2]}}]',
      2: '[ { "v" : {"y":[1,2],"x":1}, "\\u0069d":"a" } ]',
    });
    expect(await landed.versions()).toEqual(['a {"v": {"x": 1, "y": [1, 2]}, "id": "a"} seen 1-']);
    expect((await landed.sweeps())[1]).toMatchObject({ records: 1, records_changed: 0 });
  });

  it('that differ at one instant follow one another', async ({ api, runAt, landed }) => {
    await land(api, runAt, { 1: '[{"id":"a","v":1}]' });
    await land(api, runAt, { 1: '[{"id":"a","v":2}]' });
    expect(await landed.versions()).toEqual([
      'a {"v": 1, "id": "a"} seen 1-1, changed 1',
      'a {"v": 2, "id": "a"} seen 1-',
    ]);
    await land(api, runAt, { 1: '[{"id":"a","v":2}]' });
    expect(await landed.changes()).toEqual(['new a', 'changed a, seen until 1']);
  });

  it('that differ three times at one instant queue one change each', async ({
    api,
    runAt,
    landed,
  }) => {
    for (const v of [1, 2, 3]) await land(api, runAt, { 1: `[{"id":"a","v":${v}}]` });
    expect(await landed.changes()).toEqual([
      'new a',
      'changed a, seen until 1',
      'changed a, seen until 1',
    ]);
  });
});

describe('a later sweep', () => {
  it('is never overwritten by an older clock', async ({ api, runAt, landed }) => {
    const five = '[{"id":"a","v":5}]';
    await land(api, runAt, { 3: five, 5: five });
    // What changed, what is there besides, and what is the same.
    for (const older of ['[{"id":"a","v":4}]', '[{"id":"a","v":5},{"id":"b"}]', five]) {
      await land(api, runAt, { 4: older }).catch(() => undefined);
      expect(await landed.versions()).toEqual(['a {"v": 5, "id": "a"} seen 3-']);
      expect(await landed.changes()).toEqual(['new a']);
    }
    await land(api, runAt, { 6: '[]' });
    expect(await landed.versions()).toEqual(['a {"v": 5, "id": "a"} seen 3-5, gone 6']);
  });

  it('makes an older clock’s run fail in words, on record', async ({ api, runAt, landed }) => {
    await land(api, runAt, { 5: '[{"id":"a"}]' });
    expect(await runAt(4)).toMatchObject([{ outcome: 'failed', landed: null }]);
    expect(await landed.sweeps()).toMatchObject([{ hour: 5 }, { hour: 4, outcome: 'failed' }]);
  });
});
