/**
 * Goal: differences that nothing explains, corrections of closed months and a stablecoin off par are told
 * from their thresholds on and not just below. Method: rows planted on either side.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../../support/postgres.ts';
import { type AlertCase, inCase, warehouseAt } from './alert-case.ts';
import { enterCharge } from './planted-charge.ts';

const NOW = '2026-10-31T12:00:00Z';

let database: TestDatabase;

beforeAll(async () => {
  database = await warehouseAt(NOW);
});

afterAll(() => database?.close());

describe('a difference', () => {
  /** One comparison: ours is more than theirs by this much, at a tolerance of 1. */
  async function compared(planted: AlertCase, month: string, source: string, difference: string) {
    await planted.connection.query(
      `insert into mart.reconciliation (account_id, provider, month, source, line, measure, unit,
         ours, theirs, difference, class, uncertainty, rounding, tax, quantity_difference, is_final,
         is_proof, note, source_versions, checked_at)
       values ('test-account', 'voltage-park', $1, $2, 'line', 'money', 'USD', 100 + $3::numeric, 100,
         $3::numeric, 'unexplained', 0, 0, 0, null, true, $2 <> 'cross-check', null, '{}', $4)`,
      [month, source, difference, NOW],
    );
  }

  test('beyond the tolerance is told; at it, of a cross-check and of older months not', async () => {
    await inCase(database, async (planted) => {
      await compared(planted, '2026-10-01', 'transactions', '3.5');
      await compared(planted, '2026-09-01', 'balance', '1');
      await compared(planted, '2026-10-01', 'cross-check', '900');
      await compared(planted, '2026-08-01', 'transactions', '900');
      const instances = await planted.evaluate('meterhouse-unexplained-difference');
      expect(instances.map(({ fires, summary }) => [fires, summary]).sort()).toEqual([
        [
          false,
          'test-account 2026-09: 0.00 USD more than tolerated differ from the balance of voltage-park',
        ],
        [
          true,
          'test-account 2026-10: 2.50 USD more than tolerated differ from the transactions of voltage-park',
        ],
      ]);
      expect(instances.find(({ fires }) => fires)?.labels).toEqual({
        account_id: 'test-account',
        provider: 'voltage-park',
        month: '2026-10',
        source: 'transactions',
        measure: 'money',
        unit: 'USD',
      });
    });
  });

  test('stays told until a check finds it gone, or its month is two months old', async () => {
    await inCase(database, async (planted) => {
      await compared(planted, '2026-10-01', 'transactions', '3.5');
      await planted.clock('2026-11-30T23:59:00Z');
      expect(await planted.firing('meterhouse-unexplained-difference')).toHaveLength(1);
      await planted.clock('2026-12-01T00:00:00Z');
      expect(await planted.firing('meterhouse-unexplained-difference')).toEqual([]);
    });
  });
});

describe('a closed month', () => {
  const correct = (planted: AlertCase, resource: string, cost: string, enteredAt = NOW) =>
    enterCharge(planted.connection, {
      resource,
      enteredAt,
      booksOpenFrom: '2026-10-01',
      day: '2026-09-20',
      price: '1',
      cost,
    });

  test('whose costs turn out otherwise is told from a cent on', async () => {
    await inCase(database, async (planted) => {
      // Up by 3 and down by 2: five have moved, one is what the open month carries.
      await correct(planted, 'a', '-5');
      await correct(planted, 'a', '8');
      await correct(planted, 'b', '-2');
      expect(await planted.evaluate('meterhouse-closed-month-correction')).toEqual([
        {
          labels: {
            account_id: 'test-account',
            provider: 'voltage-park',
            month: '2026-09',
            currency: 'USD',
          },
          value: '5.000000000',
          fires: true,
          summary: 'test-account: 5.00 USD of the closed month 2026-09 turned out otherwise',
          description:
            'Within the last 24 hours voltage-park or an allocation rule changed 5.00 USD of 2026-09. The closed statement does not change; the open month carries the correction.',
        },
      ]);
    });
  });

  test('that moves by less, nets out, or is open is not told; without new data it ends after a day', async () => {
    await inCase(database, async (planted) => {
      await correct(planted, 'a', '0.009');
      await correct(planted, 'b', '-4');
      await correct(planted, 'b', '4');
      await enterCharge(planted.connection, {
        resource: 'c',
        enteredAt: NOW,
        booksOpenFrom: '2026-10-01',
        day: '2026-10-30',
        price: '900',
      });
      expect(await planted.evaluate('meterhouse-closed-month-correction')).toMatchObject([
        { value: '0.009000000', fires: false },
      ]);
      await correct(planted, 'd', '7', '2026-10-31T11:00:00Z');
      expect(await planted.firing('meterhouse-closed-month-correction')).toHaveLength(1);
      await planted.clock('2026-11-01T12:00:00Z');
      expect(await planted.evaluate('meterhouse-closed-month-correction')).toEqual([]);
    });
  });
});

describe('USDC', () => {
  async function rate(planted: AlertCase, day: string, value: string): Promise<void> {
    await planted.connection.query(
      `insert into reference.exchange_rate (base_currency, quote_currency, valid_from, rate, source,
         source_file, source_line, loaded_at)
       values ('USDC', 'USD', $1, $2, 'market', 'rates.csv', 2, '2026-01-01Z')`,
      [day, value],
    );
  }

  test('off par by more than half a percent is told, either way', async () => {
    await inCase(database, async (planted) => {
      await rate(planted, '2026-10-01', '0.995');
      expect(await planted.evaluate('meterhouse-currency-off-par')).toMatchObject([
        { value: '0.5000000000', fires: false },
      ]);
      await rate(planted, '2026-10-30', '0.9949');
      expect(await planted.evaluate('meterhouse-currency-off-par')).toEqual([
        {
          labels: { base_currency: 'USDC', quote_currency: 'USD', source: 'market' },
          value: '0.5100000000',
          fires: true,
          summary: 'USDC is 0.51 % off par with USD',
          description:
            'The exchange rate in force for USDC to USD (source: market) is 0.51 % away from 1. Reported costs follow that rate.',
        },
      ]);
      await rate(planted, '2026-10-31', '1.0051');
      expect(await planted.firing('meterhouse-currency-off-par')).toHaveLength(1);
    });
  });

  test('is at the rate of its day: a later one is not in force, an old one stays', async () => {
    await inCase(database, async (planted) => {
      await rate(planted, '2026-10-01', '0.9');
      await rate(planted, '2026-11-02', '1');
      expect(await planted.firing('meterhouse-currency-off-par')).toHaveLength(1);
      await planted.clock('2026-11-02T00:00:00Z');
      expect(await planted.firing('meterhouse-currency-off-par')).toEqual([]);
    });
  });
});
