/**
 * Goal: Grafana's role can ask what every rule asks, in the shape that Grafana makes alerts of. Method: each
 * rule on an empty warehouse, as that role.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RULES } from '../../../dashboards/alerts/rules.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { inCase, warehouseAt } from './alert-case.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await warehouseAt('2026-10-31T12:00:00Z');
});

afterAll(() => database?.close());

test('the reader may ask what every rule asks', async () => {
  await inCase(database, async (planted) => {
    await planted.connection.query('set local role meterhouse_reader');
    for (const { uid } of RULES) {
      const instances = await planted.evaluate(uid);
      expect({ uid, count: instances.length }).toEqual({
        uid,
        count: uid === 'meterhouse-stale-warehouse' ? 1 : 0,
      });
    }
  });
});
