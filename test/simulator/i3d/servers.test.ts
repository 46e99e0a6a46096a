/** FlexMetal servers: how long they are shown, and filters. */
import { describe, expect, test } from 'vitest';
import { allPages, at, client, server, world } from './support.ts';

const START_MS = at('07-01 00:00');
const DAY_MS = 86_400_000;

describe('FlexMetal servers', () => {
  const releasedAtMs = at('07-05 12:00');
  const failed = {
    ...server('b', at('07-05 11:30'), null),
    deliveredAtMs: null,
    changes: [
      { atMs: at('07-05 11:20'), status: 'created' as const },
      { atMs: at('07-05 11:50'), status: 'failed' as const, statusMessage: 'no disk' },
    ],
  };
  const told = world({ servers: [server('a', at('07-05 10:00'), releasedAtMs), failed] });

  test('stay visible for exactly 24 hours after their end and then give 404', () => {
    const api = client({ startMs: START_MS, world: told });
    api.clock.advanceTo(releasedAtMs - 1);
    expect(api.json('/v3/flexMetal/servers/a')[0]).toMatchObject({
      status: 'releasing',
      releasedAt: null,
    });
    api.clock.advanceTo(releasedAtMs + DAY_MS - 1);
    const listed = api.json('/v3/flexMetal/servers');
    expect(listed).toHaveLength(1);
    expect(listed).toEqual(api.json('/v3/flexMetal/servers/a'));
    expect(listed[0]).toMatchObject({
      status: 'released',
      deliveredAt: at('07-05 10:00') / 1000,
      releasedAt: releasedAtMs / 1000,
      contractId: '',
    });
    api.clock.advanceTo(releasedAtMs + DAY_MS);
    expect(api.json('/v3/flexMetal/servers')).toEqual([]);
    expect(api.get('/v3/flexMetal/servers/a').status).toBe(404);
    expect(api.json('/v3/flexMetal/usage')[0].server.uuid).toBe('a');
  });

  test('show a failure until 24 hours later, never delivered, never used', () => {
    const api = client({ startMs: START_MS, world: told });
    api.clock.advanceTo(at('07-06 11:50') - 1);
    expect(api.json('/v3/flexMetal/servers/b')[0]).toMatchObject({
      status: 'failed',
      statusMessage: 'no disk',
      deliveredAt: null,
      releasedAt: null,
    });
    api.clock.advanceTo(at('07-06 11:50'));
    expect(api.get('/v3/flexMetal/servers/b').status).toBe(404);
    const used = api.json('/v3/flexMetal/usage');
    expect(used.map((row: { server: { uuid: string } }) => row.server.uuid)).toEqual(['a']);
  });

  test('are filtered by one status and by all of the given tags', () => {
    const api = client({ startMs: START_MS });
    const { rows } = allPages(api, '/v3/flexMetal/servers', 50);
    const tagged = rows.find((row) => row.tags.length >= 2);
    const [first, second] = tagged.tags;
    const query = `status=delivered&tag=${first}&tag=${second}`;
    const expected = rows.filter(
      (row) => row.status === 'delivered' && row.tags.includes(first) && row.tags.includes(second),
    );
    expect(allPages(api, '/v3/flexMetal/servers', 50, query).rows).toEqual(expected);
  });
});
