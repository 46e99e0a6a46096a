/**
 * Goal: the printed precision and recall are those of the method, and the method is worth having.
 * Method: a few series of a seed that nothing was tuned on.
 */
import { expect, test } from 'vitest';
import { evaluateAnomalies } from '../../../transforms/anomaly/evaluate.ts';
import { labelledSeries } from '../../../transforms/anomaly/labelled-series.ts';
import { testDatabase } from '../../support/postgres.ts';

test('a seed always makes the same series, another seed others', () => {
  const series = labelledSeries('one', 3);
  expect(labelledSeries('one', 3)).toEqual(series);
  expect(labelledSeries('two', 3)).not.toEqual(series);
});

test('series have ordinary days, events of one kind each and days that are missing', () => {
  const days = labelledSeries('shape', 20);
  expect(days.length).toBeLessThan(20 * 150);
  expect(new Set(days.map(({ eventKind }) => eventKind))).toEqual(
    new Set([null, 'spike', 'drop', 'shift up', 'shift down']),
  );
  expect(days.every(({ event, eventKind }) => (event === null) === (eventKind === null))).toBe(
    true,
  );
  expect(days.every(({ cost }) => /^\d+\.\d{2}$/.test(cost))).toBe(true);
});

test('more events are found than by a plain z-score, and most of what is told is one', async () => {
  const { pool } = await testDatabase();
  const connection = await pool.connect();
  await connection.query('begin');
  const rows = await evaluateAnomalies(connection, 'not tuned on', 6);
  await connection.query('rollback');
  connection.release();
  const [robust, plain] = ['robust', 'z-score'].map((method) =>
    rows.find((row) => row.method === method && row.event_kind === null),
  );
  expect(robust?.events).toBe(plain?.events);
  expect(Number(robust?.recall)).toBeGreaterThan(Number(plain?.recall));
  expect(Number(robust?.precision)).toBeGreaterThan(80);
});
