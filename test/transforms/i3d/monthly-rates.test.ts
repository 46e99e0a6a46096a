/**
 * Goal: a price by the month is shared by the hours of the UTC month, and a whole month costs exactly
 * that price, on demand, in a pool and for what the pool left unused. Method: the production
 * transform over landed machines; 1,000.01 does not divide by 744 hours.
 */
import type pg from 'pg';
import { expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { REFERENCE, rate, transform } from './ledger.ts';
import { CLOUD, CONTRACT, land, report, serverRecord, vmRecord } from './warehouse.ts';

const MONTHLY = {
  ...REFERENCE,
  rates: [
    rate('i3d-flexmetal', 'bm7.std.8', 'EU: Rotterdam', '', 100_001, 'Months'),
    rate('i3d-flexmetal', 'bm7.std.8', 'EU: Rotterdam', CONTRACT, 70_001, 'Months'),
    rate('i3d-flexvm', 'vm.gpu.1rtx4000.15c.248g', 'frmtl1', '', 50_001, 'Months'),
  ],
  contracts: REFERENCE.contracts.map((contract) => ({
    ...contract,
    starts_at: '2026-10-01',
    ends_at: '2027-01-01',
  })),
};

interface Row {
  readonly resource: string;
  readonly meter: string;
  readonly hours: string;
  readonly cost: string;
}

async function october(pool: pg.Pool): Promise<unknown[]> {
  const { rows } = await pool.query<Row>(
    `select resource_id as resource, meter, trim_scale(sum(quantity))::text as hours,
       trim_scale(sum(billed_cost))::text as cost
     from intermediate.known_charge where charge_date < '2026-11-01'
     group by resource_id, meter order by meter, resource_id`,
  );
  return rows.map(({ resource, meter, hours, cost }) => [
    resource.split('/')[0],
    meter,
    hours,
    cost,
  ]);
}

// a runs all of October and on demand, b all of it under a contract for two (the other idle), the VM
// half of it (372 hours: 250.005); c only the last 10 hours: 1,000.01 × 10 / 744.
test('a whole month costs the monthly price to the last unit, grown day by day', async () => {
  const { pool } = await testDatabase();
  const start = '2026-10-01T00:00:00Z';
  await land(pool, 'flexmetal.servers', '2026-10-01T00:00:00Z', [
    serverRecord({ uuid: 'a', deliveredAt: start }),
    serverRecord({ uuid: 'b', contractId: CONTRACT, deliveredAt: start }),
  ]);
  await land(pool, 'flexvm.vms', start, [vmRecord({ id: 'v', createdAt: start })], CLOUD);
  for (const day of ['07', '16', '17']) {
    await transform(pool, Date.parse(`2026-10-${day}T11:30:00Z`), false, MONTHLY);
  }
  const vm = { id: 'v', createdAt: start, releasedAt: '2026-10-16T12:00:00Z', hours: 372 };
  await land(
    pool,
    'flexvm.monthly_report',
    '2026-10-17T12:00:00Z',
    report('2026-10', [vm]),
    '2026-10',
  );
  await land(pool, 'flexmetal.servers', '2026-10-31T15:00:00Z', [
    serverRecord({ uuid: 'a', deliveredAt: start }),
    serverRecord({ uuid: 'b', contractId: CONTRACT, deliveredAt: start }),
    serverRecord({ uuid: 'c', deliveredAt: '2026-10-31T14:00:00Z' }),
  ]);
  const nowMs = Date.parse('2026-11-01T00:00:00Z');
  await transform(pool, nowMs, false, MONTHLY);
  expect(await october(pool)).toEqual([
    ['b', 'committed-server-hours', '744', '700.01'],
    ['a', 'server-hours', '744', '1000.01'],
    ['c', 'server-hours', '10', '13.440994624'],
    [CONTRACT, 'unused-commitment-hours', '744', '700.01'],
    ['v', 'vm-hours', '372', '250.005'],
  ]);
  const { rows } = await pool.query<{ unit_price: string; sources: number }>(
    `select trim_scale(min(unit_price))::text as unit_price,
       count(*) filter (where price_source not like 'rate:%')::integer as sources
     from intermediate.known_charge where resource_id = 'a' and charge_date < '2026-11-01'`,
  );
  expect(rows).toEqual([{ unit_price: '1.344099462365591', sources: 0 }]);
  expect(await transform(pool, nowMs, true, MONTHLY)).toMatchObject({
    chargesPosted: 0,
    chargesReversed: 0,
    accrualsWritten: 0,
  });
});
