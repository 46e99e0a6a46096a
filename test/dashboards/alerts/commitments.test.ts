/**
 * Goal: idle and overflowing commitments are told from their thresholds on and not just below; whole days
 * that are not computed are not counted. Method: a contract of 4 servers, which owes 672 hours in 7 days.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../../support/postgres.ts';
import { NOW } from '../../transforms/waste/planted.ts';
import { type AlertCase, inCase, warehouseAt } from './alert-case.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await warehouseAt(NOW);
});

afterAll(() => database?.close());

/** `unusedPerDay`: of the 96 server-hours of each day. */
async function commit(planted: AlertCase, contract: string, unusedPerDay: string): Promise<void> {
  await planted.contract(contract, 'bm7', 'NL', 4);
  await planted.cost(`${contract}/NL/bm7`, {
    meter: 'unused-commitment-hours',
    provider: 'i3d-flexmetal',
    hours: unusedPerDay,
    perDay: '1',
  });
}

describe('a commitment', () => {
  test('used by less than 90 % is told, one used by 90 % is not', async () => {
    await inCase(database, async (planted) => {
      await commit(planted, 'c1', '9.61');
      await commit(planted, 'c2', '9.6');
      await planted.contract('full', 'bm7', 'NL', 4);
      const instances = await planted.evaluate('meterhouse-commitment-idle');
      expect(instances.map(({ fires, summary }) => [fires, summary]).sort()).toEqual([
        [false, 'Commitment c2/NL/bm7: 90.0 % of its hours are used'],
        [false, 'Commitment full/NL/bm7: 100.0 % of its hours are used'],
        [true, 'Commitment c1/NL/bm7: 90.0 % of its hours are used'],
      ]);
      expect(instances.find(({ fires }) => fires)).toMatchObject({
        labels: {
          account_id: 'test-account',
          provider: 'i3d-flexmetal',
          commitment: 'c1/NL/bm7',
        },
        value: '89.9895',
      });
    });
  });

  test('that ended is not told', async () => {
    await inCase(database, async (planted) => {
      await commit(planted, 'c1', '90');
      await planted.connection.query('update reference.contract set ends_at = $1', [NOW]);
      expect(await planted.evaluate('meterhouse-commitment-idle')).toEqual([]);
    });
  });

  test('stays as it was computed while no look comes; the stale stream is told', async () => {
    await inCase(database, async (planted) => {
      await commit(planted, 'c1', '48');
      await planted.stream('flexmetal.servers', { from: NOW, staleAfter: '6 hours' });
      await planted.sweep('flexmetal.servers', NOW);
      await planted.clock('2026-11-01T00:00:01Z');
      expect(await planted.firing('meterhouse-commitment-idle')).toHaveLength(1);
      expect(await planted.firing('meterhouse-stale-stream')).toEqual([]);
      await planted.clock('2026-11-01T00:00:00Z');
      await planted.connection.query("update landing.sweep set started_at = '2026-10-31T11:00Z'");
      expect(await planted.firing('meterhouse-stale-stream')).toHaveLength(1);
    });
  });
});

describe('overflow', () => {
  async function overflow(planted: AlertCase, id: string, day: string, hours: string) {
    await planted.resource(id, { provider: 'i3d-flexmetal', sku: id, region: 'NL' });
    await planted.cost(id, {
      meter: 'overflow-server-hours',
      provider: 'i3d-flexmetal',
      from: day,
      to: '2026-10-31',
      hours,
      perDay: '1',
    });
  }

  test('of any hour since the midnight before the last is told', async () => {
    await inCase(database, async (planted) => {
      await overflow(planted, 'bm7', '2026-10-30', '5');
      await overflow(planted, 'bm8', '2026-10-30', '0');
      const instances = await planted.evaluate('meterhouse-commitment-overflow');
      expect(instances.map(({ fires, summary }) => [fires, summary]).sort()).toEqual([
        [false, 'bm8 in NL: 0 server-hours beyond the commitment'],
        [true, 'bm7 in NL: 5 server-hours beyond the commitment'],
      ]);
      expect(instances.find(({ fires }) => fires)?.labels).toEqual({
        account_id: 'test-account',
        provider: 'i3d-flexmetal',
        sku: 'bm7',
        region: 'NL',
      });
    });
  });

  test('of older days, and without data of newer ones, is no finding', async () => {
    await inCase(database, async (planted) => {
      await overflow(planted, 'bm7', '2026-10-30', '5');
      await planted.clock('2026-11-01T00:00:00Z');
      expect(await planted.evaluate('meterhouse-commitment-overflow')).toEqual([]);
    });
  });
});
