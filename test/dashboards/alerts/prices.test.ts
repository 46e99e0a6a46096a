/**
 * Goal: changed prices, and usage that has none, are reported from their thresholds on and not just below;
 * without fresh data a changed price is no finding, and the stale stream is reported instead. Method: rows
 * planted where the transform would have put them.
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

describe('a price', () => {
  const rates = `insert into reference.rate (provider, sku, region, contract_id, unit, unit_price,
      currency, valid_from, valid_to, source_file, source_line, loaded_at, superseded_at)
    select 'i3d-flexmetal', sku, 'NL', contract, 'Hours', price, 'EUR', valid_from::timestamptz,
      valid_to::timestamptz, 'rates.csv', 2, loaded_at::timestamptz, superseded_at::timestamptz
    from (values `;

  test('of the rate card is told from half a percent on, on the day it comes into force', async () => {
    await inCase(database, async (planted) => {
      await planted.connection.query(`${rates}
        ('up', '', 1.00, '2026-01-01Z', '2026-10-31Z', '2026-01-01Z', null),
        ('up', '', 1.005, '2026-10-31Z', null, '2026-01-01Z', null),
        ('hardly', 'c1', 1.00, '2026-01-01Z', '2026-10-31Z', '2026-01-01Z', null),
        ('hardly', 'c1', 0.9951, '2026-10-31Z', null, '2026-01-01Z', null),
        ('long ago', '', 1.00, '2026-01-01Z', '2026-10-30Z', '2026-10-31Z', null),
        ('long ago', '', 2.00, '2026-10-30Z', null, '2026-10-31Z', null),
        ('restated', '', 1.00, '2026-01-01Z', null, '2026-01-01Z', '2026-10-31Z'),
        ('restated', '', 0.50, '2026-01-01Z', null, '2026-10-31Z', null)
      ) as told (sku, contract, price, valid_from, valid_to, loaded_at, superseded_at)`);
      const instances = await planted.evaluate('meterhouse-price-change');
      expect(instances.map(({ fires, summary }) => [fires, summary]).sort()).toEqual([
        [false, 'i3d-flexmetal: the price of hardly (c1) went down by 0.5 %'],
        [true, 'i3d-flexmetal: the price of restated (on demand) went down by 50.0 %'],
        [true, 'i3d-flexmetal: the price of up (on demand) went up by 0.5 %'],
      ]);
      expect(instances.find(({ labels }) => labels.sku === 'up')?.labels).toEqual({
        provider: 'i3d-flexmetal',
        account_id: 'all accounts',
        sku: 'up',
        region: 'NL',
        priced_for: 'on demand',
        currency: 'EUR',
        direction: 'up',
      });
    });
  });

  test('that a provider charges is told for the same SKU at the same place', async () => {
    await inCase(database, async (planted) => {
      const enter = (
        resource: string,
        enteredAt: string,
        day: string,
        price: string,
        sku?: string,
      ) =>
        enterCharge(planted.connection, {
          resource,
          enteredAt,
          day,
          price,
          ...(sku === undefined ? {} : { sku }),
        });
      const [before, after] = ['2026-10-30T00:10:00Z', '2026-10-31T00:10:00Z'];
      await enter('dearer', before, '2026-10-29', '2');
      await enter('dearer', after, '2026-10-30', '2.5');
      await enter('rounded', before, '2026-10-29', '2', '2x h100');
      await enter('rounded', after, '2026-10-30', '2.0099', '2x h100');
      await enter('resized', before, '2026-10-29', '2', '4x h100');
      await enter('resized', after, '2026-10-30', '4', '8x h100');
      const instances = await planted.evaluate('meterhouse-price-change');
      expect(instances.map(({ fires, summary }) => [fires, summary]).sort()).toEqual([
        [false, 'voltage-park: the price of 2x h100 (vm-hours) went up by 0.5 %'],
        [true, 'voltage-park: the price of 1x h100 (vm-hours) went up by 25.0 %'],
      ]);
    });
  });

  test('without new charges is no finding; the stale stream is told', async () => {
    await inCase(database, async (planted) => {
      const enter = (enteredAt: string, day: string, price: string) =>
        enterCharge(planted.connection, { resource: 'a', enteredAt, day, price });
      await enter('2026-10-30T00:10:00Z', '2026-10-29', '2');
      await enter('2026-10-31T00:10:00Z', '2026-10-30', '3');
      expect(await planted.firing('meterhouse-price-change')).toHaveLength(1);
      await goStale(planted, '2026-11-02T12:00:00Z');
      expect(await planted.evaluate('meterhouse-price-change')).toEqual([]);
    });
  });
});

describe('usage without a price', () => {
  const accrue = (planted: AlertCase, id: string, start: string, lacking: string) =>
    planted.epoch(id, start, '0').then(() =>
      planted.connection.query(
        `update mart.accrual set sku = '2vcpu', price_source = $2, reporting_cost = $3::numeric,
           exchange_rate = $3::numeric
         where resource_id = $1`,
        lacking === 'price' ? [id, 'missing', '0'] : [id, 'api:1', null],
      ),
    );

  test('of this month and the last is told, with what it lacks', async () => {
    await inCase(database, async (planted) => {
      await accrue(planted, 'a', '2026-10-31T06:00:00Z', 'price');
      await accrue(planted, 'b', '2026-09-01T00:00:00Z', 'price');
      await accrue(planted, 'c', '2026-10-31T06:00:00Z', 'rate');
      await accrue(planted, 'of older months', '2026-08-31T06:00:00Z', 'price');
      await planted.epoch('priced', '2026-10-31T06:00:00Z', '2');
      const instances = await planted.evaluate('meterhouse-unpriced-usage');
      expect(instances.map(({ fires, summary }) => [fires, summary]).sort()).toEqual([
        [true, 'fluence 2vcpu: 1 resources were used and have no USDC rate'],
        [true, 'fluence 2vcpu: 2 resources were used and have no price'],
      ]);
      expect(instances.find(({ value }) => value === '2')?.labels).toEqual({
        account_id: 'test-account',
        provider: 'fluence',
        sku: '2vcpu',
        meter: 'vm-epochs',
        lacking: 'price',
      });
    });
  });

  test('is no new resource of no cost; it stays told while nobody looks', async () => {
    await inCase(database, async (planted) => {
      await planted.resource('a', { from: '2026-10-31T06:00:00Z', provider: 'fluence' });
      await accrue(planted, 'a', '2026-10-31T06:00:00Z', 'price');
      expect(await planted.evaluate('meterhouse-new-resource')).toEqual([]);
      await goStale(planted, '2026-11-02T00:00:00Z');
      expect(await planted.firing('meterhouse-unpriced-usage')).toHaveLength(1);
    });
  });
});
