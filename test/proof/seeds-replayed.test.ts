/** Goal: a history told twice is the same history, and without faults next to nothing is estimated. */
import { expect, test } from 'vitest';
import { liveMonth, onTheRunsServer } from './seeded-months.ts';

onTheRunsServer();

test('the same seed again is the same history, bit for bit', async () => {
  const [first, again] = [await liveMonth('1'), await liveMonth('1')];
  expect(again.digests).toEqual(first.digests);
});

test('without faults nothing is unexplained, and next to nothing estimated', async () => {
  const history = await liveMonth('calm');
  expect(history.unexplained).toEqual([]);
  expect(history.broken).toEqual([]);
  expect(history.failedSweeps).toBe(0);
  expect([...history.faults]).toEqual([]);
  expect(history.equal).toBeGreaterThan(0.95 * history.lines);
});
