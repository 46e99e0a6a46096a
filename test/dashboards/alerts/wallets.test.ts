/**
 * Goal: a prepaid balance is told while there is time to pay, and a look that stays away makes it no
 * longer. Method: answers land through the production writers and are transformed; figures are by hand.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import * as fluence from '../../transforms/fluence/warehouse.ts';
import * as voltage from '../../transforms/voltage-park/warehouse.ts';
import { inCase } from './alert-case.ts';

const LOOK = '2026-10-31T20:00:00Z';

let database: TestDatabase;

/** A balance of 146 that burns 2 an hour: 73 hours. A machine paid until 1 November, 17:55, and its reserve. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  const balances = { opening: '0', change: '146', closing: '146' };
  await voltage.reported(pool, LOOK, '2026-10', [], balances);
  await voltage.listed(pool, LOOK, 'virtual machines', [
    {
      id: 'vm1',
      status: 'Running',
      resources: { gpus: {} },
      pricing: { total_associated_per_hr: '2', total_disassociated_per_hr: '0.5' },
      timestamp_creation: '2026-10-30T20:00:00Z',
    },
  ]);
  await voltage.listed(pool, LOOK, 'bare metal', []);
  await voltage.listed(pool, LOOK, 'storage', []);
  const seen = { created: '2026-10-30T17:55:00Z', next: '2026-11-01T17:55:00Z', spent: '596320' };
  await fluence.listed(pool, LOOK, seen);
  await voltage.transformedAt(pool, LOOK);
});

afterAll(() => database?.close());

describe('the runway', () => {
  test('is told below 72 hours and below 24, also when nobody looks', async () => {
    await inCase(database, async (planted) => {
      const at = async (clock: string) => {
        await planted.clock(clock);
        const [instance] = await planted.evaluate('meterhouse-wallet-72h');
        return {
          value: instance?.value,
          within72: instance?.fires,
          within24: (await planted.evaluate('meterhouse-wallet-24h'))[0]?.fires,
        };
      };
      expect(await at(LOOK)).toEqual({ value: '73.000', within72: false, within24: false });
      expect(await at('2026-10-31T21:00:00Z')).toMatchObject({ value: '72.000', within72: false });
      expect(await at('2026-10-31T21:00:04Z')).toMatchObject({ value: '71.999', within72: true });
      expect(await at('2026-11-02T21:00:00Z')).toMatchObject({ value: '24.000', within24: false });
      // One alert per balance: the first ends where the second begins.
      expect(await at('2026-11-02T21:00:04Z')).toEqual({ within24: true });
      expect(await at('2026-11-30T00:00:00Z')).toEqual({ within24: true });
    });
  });

  test('is told with its labels and its text', async () => {
    await inCase(database, async (planted) => {
      await planted.clock('2026-11-02T22:00:00Z');
      expect(await planted.evaluate('meterhouse-wallet-24h')).toEqual([
        {
          labels: {
            account_id: expect.any(String),
            provider: 'voltage-park',
            currency: 'USD',
          },
          value: '23.000',
          fires: true,
          summary: expect.stringMatching(
            /^\S+ \(voltage-park\): the USD balance lasts 23\.0 hours$/,
          ),
          description: expect.stringMatching(
            /^At the pace of what runs now, the balance of \S+ is used up in 23\.0 hours\. It keeps/,
          ),
        },
      ]);
    });
  });

  test('of a balance that was never told is no row, and never zero', async () => {
    await inCase(database, async (planted) => {
      const providers = (await planted.evaluate('meterhouse-wallet-72h')).map(
        ({ labels }) => labels.provider,
      );
      expect(providers).toEqual(['voltage-park']);
    });
  });
});

describe('an epoch', () => {
  test('that is not covered any more is told, one that just is is not', async () => {
    await inCase(database, async (planted) => {
      const at = async (clock: string) => {
        await planted.clock(clock);
        return (await planted.evaluate('meterhouse-wallet-epoch'))[0];
      };
      // Its reserve pays the epoch after the one that is paid: until 2 November, 17:55.
      expect(await at('2026-11-01T17:55:00Z')).toMatchObject({ value: '1.000', fires: false });
      expect(await at('2026-11-02T05:55:00Z')).toMatchObject({
        labels: { provider: 'fluence', currency: 'USDC' },
        value: '0.500',
        fires: true,
        summary: expect.stringMatching(/lives for 0\.50 more epochs without a payment$/),
      });
      // A reserve of one epoch that the last sync saw whole, an hour before the boundary.
      await planted.connection.query(
        `update landing.watermark set complete_at = '2026-11-01T17:00Z' where stream = 'fluence.vms'`,
      );
      expect(await at('2026-11-01T18:30:00Z')).toMatchObject({ value: '1.000', fires: false });
      expect(await at('2026-11-01T20:00:01Z')).toMatchObject({ fires: true });
      // Nobody looks: it does not live longer for that.
      expect(await at('2026-11-03T00:00:00Z')).toMatchObject({ value: '0.000', fires: true });
    });
  });
});
