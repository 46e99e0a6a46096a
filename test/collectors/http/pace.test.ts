import { expect, test } from 'vitest';
import { Pace } from '../../../collectors/http/pace.ts';
import { it } from './bench.ts';

test('turns are given in the order of asking, at the set distance', async () => {
  const pace = new Pace(100);
  const startedMs = performance.now();
  const order: number[] = [];
  await Promise.all(
    [0, 1, 2, 3].map((place) => pace.turn(undefined).then(() => order.push(place))),
  );
  expect(order).toEqual([0, 1, 2, 3]);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(28);
});

test('no limit means no wait', async () => {
  for (const requestsPerSecond of [0, Number.POSITIVE_INFINITY]) {
    const pace = new Pace(requestsPerSecond);
    await Promise.all(Array.from({ length: 1000 }, () => pace.turn(undefined)));
  }
});

test('a hold delays the next turn', async () => {
  const pace = new Pace(0);
  pace.hold(20);
  const startedMs = performance.now();
  await pace.turn(undefined);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(18);
});

test('a turn that is no longer wanted is not waited for', async () => {
  const pace = new Pace(0);
  pace.hold(60_000);
  await expect(pace.turn(AbortSignal.abort())).rejects.toThrow('aborted');
});

it('a client keeps its pace over callers and retries', async ({ api, connect, counters }) => {
  api.script('/things', [{ status: 503 }, {}]);
  const client = connect({ settings: { requestsPerSecond: 100 } });
  const startedMs = performance.now();
  await Promise.all([1, 2, 3].map(() => client.send({ path: '/things' }, { counters })));
  expect(counters).toEqual({ requests: 4, retries: 1 });
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(28);
});
