/**
 * Goal: the runway of a prepaid balance is what is left at the pace of what runs, counted from the
 * look that told it; what was not told is unknown, never zero. Method: answers land through the
 * production writers and are transformed; figures are by hand.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import * as fluence from '../fluence/warehouse.ts';
import * as voltage from '../voltage-park/warehouse.ts';

const LOOK = '2026-10-31T20:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

interface Wallet {
  readonly balance: string | null;
  readonly reserved: string;
  readonly burn: string | null;
  readonly resources: string;
  readonly runway: string | null;
  readonly dryAt: string | null;
  readonly covered: string | null;
}

async function wallet(provider: string): Promise<Wallet | undefined> {
  const { rows } = await pool.query<Wallet>(
    `select trim_scale(balance)::text as balance, trim_scale(reserved_amount)::text as reserved,
       trim_scale(burn_per_hour)::text as burn, resources::text as resources,
       trim_scale(runway_hours)::text as runway,
       to_char(runs_dry_at at time zone 'UTC', 'MM-DD HH24:MI:SS') as "dryAt",
       trim_scale(covered_hours)::text as covered
     from mart.rpt_wallet where provider = $1`,
    [provider],
  );
  return rows[0];
}

describe('a balance that is told (Voltage Park)', () => {
  const machine = {
    id: 'vm1',
    status: 'Running',
    resources: { gpus: {} },
    pricing: { total_associated_per_hr: '2', total_disassociated_per_hr: '0.5' },
    timestamp_creation: '2026-10-30T20:00:00Z',
  };

  async function look(closing: string, status = 'Running'): Promise<void> {
    const balances = { opening: '0', change: closing, closing };
    await voltage.reported(pool, LOOK, '2026-10', [], balances);
    await voltage.listed(pool, LOOK, 'virtual machines', [{ ...machine, status }]);
    await voltage.listed(pool, LOOK, 'bare metal', []);
    await voltage.listed(pool, LOOK, 'storage', []);
  }

  test('that lasts longer than a calendar at a tiny pace is counted as a century', async () => {
    await look('100000000');
    await pool.query(
      `update landing.version set payload = jsonb_set(payload, '{pricing}',
         '{"total_associated_per_hr": "0.000000001", "total_disassociated_per_hr": "0"}')
       where entity = 'voltage_park.virtual_machine'`,
    );
    await voltage.transformedAt(pool, LOOK);
    expect((await wallet('voltage-park'))?.runway).toBe('876000');
  });

  test('lasts for its amount at the pace of the machines, from the look on', async () => {
    await look('100');
    await voltage.transformedAt(pool, '2026-10-31T22:00:00Z');
    expect(await wallet('voltage-park')).toEqual({
      balance: '100',
      reserved: '0',
      burn: '2',
      resources: '1',
      runway: '48',
      dryAt: '11-02 22:00:00',
      covered: null,
    });
  });

  test('burns the disk only, once resources are disassociated', async () => {
    await look('100', 'StoppedDisassociated');
    await voltage.transformedAt(pool, LOOK);
    expect(await wallet('voltage-park')).toMatchObject({ burn: '0.5', runway: '200' });
  });

  test('is gone at the clock, or overdrawn: no hour is left', async () => {
    await look('3');
    await voltage.transformedAt(pool, '2026-10-31T22:00:00Z');
    expect(await wallet('voltage-park')).toMatchObject({ runway: '0', dryAt: '10-31 21:30:00' });
    await voltage.reported(pool, '2026-10-31T22:00:00Z', '2026-10', [], {
      opening: '0',
      change: '-7',
      closing: '-7',
    });
    await voltage.transformedAt(pool, '2026-10-31T22:00:00Z');
    expect(await wallet('voltage-park')).toMatchObject({ balance: '-7', runway: '0' });
  });

  test('has no end while nothing burns', async () => {
    await voltage.reported(pool, LOOK, '2026-10', [], { opening: '0', change: '9', closing: '9' });
    for (const list of ['virtual machines', 'bare metal', 'storage'] as const) {
      await voltage.listed(pool, LOOK, list, []);
    }
    await voltage.transformedAt(pool, LOOK);
    expect(await wallet('voltage-park')).toMatchObject({ burn: '0', runway: null, dryAt: null });
  });

  test('has an unknown pace until every list of what runs was read', async () => {
    await voltage.reported(pool, LOOK, '2026-10', [], { opening: '0', change: '9', closing: '9' });
    await voltage.listed(pool, LOOK, 'virtual machines', [machine]);
    await voltage.transformedAt(pool, LOOK);
    expect(await wallet('voltage-park')).toMatchObject({ burn: null, runway: null });
  });

  test('is kept as it was told over time; a later look at a month over tells its end', async () => {
    await look('100');
    await voltage.reported(pool, '2026-10-31T21:00:00Z', '2026-10', [], {
      opening: '0',
      change: '98',
      closing: '98',
    });
    await voltage.reported(pool, '2026-11-01T03:00:00Z', '2026-10', [], {
      opening: '0',
      change: '92',
      closing: '92',
    });
    const { rows } = await pool.query<{ told: string }>(
      `select to_char(balance_at at time zone 'UTC', 'MM-DD HH24:MI') || ' ' || trim_scale(balance)
         as told from mart.rpt_wallet_history order by balance_at`,
    );
    expect(rows.map(({ told }) => told)).toEqual([
      '10-31 20:00 100',
      '10-31 21:00 98',
      '11-01 00:00 92',
    ]);
  });
});

describe('a balance that is not told (Fluence)', () => {
  const seen = { created: '2026-10-30T17:55:00Z', next: '2026-11-01T17:55:00Z', spent: '596320' };

  test('is unknown, with its pace and reserve; covered for paid epochs and whole ones', async () => {
    // The reserve of 0.35944 pays one whole epoch of 0.29816: until 2 November, 17:55.
    await fluence.listed(pool, LOOK, seen, { ...seen, vm: 'a2', price: 359_440 });
    await fluence.transformAt(pool, LOOK);
    expect(await wallet('fluence')).toEqual({
      balance: null,
      reserved: '0.71888',
      burn: '0.0274',
      resources: '2',
      runway: null,
      dryAt: null,
      covered: '45.917',
    });
  });

  test('covers less than an epoch once the reserve does not pay one', async () => {
    await fluence.listed(pool, LOOK, { ...seen, price: 359_441 });
    await fluence.transformAt(pool, LOOK);
    expect(await wallet('fluence')).toMatchObject({ covered: '21.917' });
  });

  test('burns nothing without a machine', async () => {
    await fluence.listed(pool, LOOK);
    await fluence.transformAt(pool, LOOK);
    expect(await wallet('fluence')).toMatchObject({ burn: '0', reserved: '0', covered: null });
  });
});

test('the epoch clock tells the next charge, its price and what is left of the one paid', async () => {
  const seen = { created: '2026-10-30T17:55:00Z', spent: '596320' };
  await fluence.listed(
    pool,
    LOOK,
    { ...seen, vm: 'a1', next: '2026-11-01T17:55:00Z' },
    { ...seen, vm: 'a2', next: '2026-10-31T20:00:00Z' },
    { ...seen, vm: 'a3', next: '2026-10-30T19:00:00Z' },
  );
  await fluence.transformAt(pool, LOOK);
  const { rows } = await pool.query(
    `select right(resource_id, 2) as vm, trim_scale(next_charge)::text as charge,
       trim_scale(hours_left)::text as hours, trim_scale(unused_amount)::text as unused,
       to_char(next_charge_at at time zone 'UTC', 'MM-DD HH24:MI') as at
     from mart.rpt_epoch_clock order by resource_id`,
  );
  const charge = '0.29816';
  expect(rows).toEqual([
    // 21 hours and 55 minutes of 24.
    { vm: 'a1', charge, hours: '21.917', unused: '0.272278056', at: '11-01 17:55' },
    // The epoch that begins at the clock is paid for.
    { vm: 'a2', charge, hours: '24', unused: '0.29816', at: '11-01 20:00' },
    // Two boundaries passed since.
    { vm: 'a3', charge, hours: '23', unused: '0.285736667', at: '11-01 19:00' },
  ]);
});
