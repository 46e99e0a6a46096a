/**
 * Goal: spikes, new expensive resources and stopped machines are reported from their thresholds on and not
 * just below; without fresh data they find nothing, and the stale stream is reported instead. Method:
 * rows planted where the transform would have put them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../../support/postgres.ts';
import { NOW } from '../../transforms/waste/planted.ts';
import { type AlertCase, goStale, inCase, warehouseAt } from './alert-case.ts';
import { enterCharge } from './planted-charge.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await warehouseAt(NOW);
});

afterAll(() => database?.close());

describe('a spike', () => {
  async function anomaly(
    planted: AlertCase,
    value: string,
    day: string,
    actual: string,
    kind = 'team',
  ) {
    await planted.connection.query(
      `insert into mart.anomaly (scope_kind, scope_value, cost_date, expected_cost, actual_cost,
         score, direction, floor_cost, reporting_currency, found_at)
       values ($5, $1, $2, 100, $3::numeric, 9, case when $3::numeric > 100 then 'up' else 'down' end, 25,
         'USD', $4)`,
      [value, day, actual, NOW, kind],
    );
  }

  test('of 50 above what was expected is told for two whole days', async () => {
    await inCase(database, async (planted) => {
      await anomaly(planted, 'nlp', '2026-10-30', '150');
      await anomaly(planted, 'vision', '2026-10-29', '149.99');
      await anomaly(planted, 'cheaper', '2026-10-30', '10');
      await anomaly(planted, 'older', '2026-10-28', '900');
      const instances = await planted.evaluate('meterhouse-spend-spike');
      expect(instances.map(({ fires, summary }) => [fires, summary]).sort()).toEqual([
        [false, '2026-10-29 cost 49.99 USD more than expected: vision, no single SKU'],
        [true, '2026-10-30 cost 50.00 USD more than expected: nlp, no single SKU'],
      ]);
    });
  });

  // The same 200 by SKU, by provider, and by two teams: 140 and 60.
  test('is one event, however many scopes show it', async () => {
    await inCase(database, async (planted) => {
      await anomaly(planted, 'nlp', '2026-10-30', '160');
      await anomaly(planted, 'vision', '2026-10-30', '240');
      await anomaly(planted, '8x h100', '2026-10-30', '300', 'sku');
      await anomaly(planted, 'voltage-park', '2026-10-30', '300', 'provider');
      expect(await planted.evaluate('meterhouse-spend-spike')).toEqual([
        expect.objectContaining({
          labels: {
            cost_date: '2026-10-30',
            providers: 'voltage-park',
            teams: 'vision, nlp',
            skus: '8x h100',
            currency: 'USD',
            share_of_day: 'an unknown share',
          },
          value: '200.000000000',
          summary: '2026-10-30 cost 200.00 USD more than expected: vision, nlp, 8x h100',
        }),
      ]);
    });
  });

  test('ends when its day is old, and new days without data are told by the stale stream', async () => {
    await inCase(database, async (planted) => {
      await anomaly(planted, 'nlp', '2026-10-30', '150');
      await goStale(planted, '2026-11-02T12:00:00Z');
      expect(await planted.evaluate('meterhouse-spend-spike')).toEqual([]);
    });
  });
});

describe('a new resource', () => {
  async function start(planted: AlertCase, id: string, from: string, perDay: string) {
    await planted.resource(id, { from, provider: 'fluence', sku: '2vcpu' });
    await planted.epoch(id, from, perDay);
    // Its former epoch at another price: the newest one counts.
    await planted.epoch(id, '2026-10-30T11:00:00Z', '1');
    await planted.owner(id, { team: 'nlp' });
  }

  test('is told when it costs more than 100 a day', async () => {
    await inCase(database, async (planted) => {
      await enterCharge(planted.connection, {
        resource: 'any',
        enteredAt: NOW,
        day: '2026-10-30',
        price: '1',
      });
      await start(planted, 'dear', '2026-10-31T06:00:00Z', '100.01');
      await start(planted, 'less', '2026-10-31T06:00:00Z', '100');
      // Begun a second too early to be new.
      await start(planted, 'known', '2026-10-30T12:00:00Z', '900');
      const instances = await planted.evaluate('meterhouse-new-resource');
      expect(instances.map(({ fires, summary }) => [fires, summary]).sort()).toEqual([
        [false, 'less (2vcpu, fluence) began to cost 100.00 USD a day'],
        [true, 'dear (2vcpu, fluence) began to cost 100.01 USD a day'],
      ]);
      expect(instances.find(({ fires }) => fires)?.labels).toEqual({
        account_id: 'test-account',
        provider: 'fluence',
        resource_type: 'Virtual Machine',
        resource_id: 'dear',
        resource_name: 'dear',
        sku: '2vcpu',
        team: 'nlp',
        currency: 'USD',
      });
    });
  });

  // A first epoch of twenty minutes at 9 is 9 a day: that much was called 648.
  test('in a first epoch that is cut short costs the price of a whole one a day', async () => {
    await inCase(database, async (planted) => {
      await planted.resource('a', { from: '2026-10-31T11:30:00Z', provider: 'fluence' });
      await planted.epoch('a', '2026-10-31T11:30:00Z', '9', '2026-10-31T11:50:00Z');
      const told = await planted.connection.query('select value from mart.alert_new_resource');
      expect(told.rows).toEqual([{ value: '9.00' }]);
    });
  });

  test('without looks is no longer new after a day; the stale stream is told', async () => {
    await inCase(database, async (planted) => {
      await start(planted, 'dear', '2026-10-31T06:00:00Z', '500');
      await goStale(planted, '2026-11-01T06:00:00Z');
      expect(await planted.evaluate('meterhouse-new-resource')).toEqual([]);
    });
  });
});

describe('a stopped machine', () => {
  async function stop(planted: AlertCase, id: string, from: string, perDay: string) {
    await planted.resource(id, { from, status: 'stopped', provider: 'voltage-park' });
    if (perDay !== '0') await planted.cost(id, { perDay, provider: 'voltage-park' });
  }

  test('is told after seven days of being billed', async () => {
    await inCase(database, async (planted) => {
      await stop(planted, 'long', '2026-10-24T11:00:00Z', '5');
      await stop(planted, 'short', '2026-10-24T12:00:00Z', '5');
      await stop(planted, 'free', '2026-10-01T00:00:00Z', '0');
      const instances = await planted.evaluate('meterhouse-stopped-but-billed');
      expect(instances.map(({ fires, labels }) => [fires, labels.resource_id]).sort()).toEqual([
        [false, 'short'],
        [true, 'long'],
      ]);
      expect(instances.find(({ fires }) => fires)).toMatchObject({
        labels: { status: 'stopped', team: '(no team)', resource_type: 'Virtual Machine' },
        value: '7.042',
        summary: 'long (voltage-park) is stopped for 7.0 days and still billed',
      });
    });
  });

  test('that nobody looks at stays told, with the stale stream beside it', async () => {
    await inCase(database, async (planted) => {
      await stop(planted, 'long', '2026-10-20T00:00:00Z', '5');
      await goStale(planted, '2026-11-01T12:00:00Z');
      expect(await planted.firing('meterhouse-stopped-but-billed')).toEqual([
        'long (voltage-park) is stopped for 12.5 days and still billed',
      ]);
    });
  });
});
