/**
 * A small ledger with everything that FOCUS treats apart: a commitment, a settlement asset, an epoch
 * over a month's end, a credit, an invoice, digits as ids, and (on demand) corrections of a closed month.
 */
import type pg from 'pg';
import { landInvoice } from './land-invoice.ts';
import { addRun, enter, type LedgerCharge } from './ledger.ts';

export const POOL = 'C-1/EU: Rotterdam/bm7.std.8';

const METAL = {
  account: 'i3d-main',
  provider: 'i3d-flexmetal',
  price: '1.5',
  currency: 'EUR',
  rate: '1.1',
} as const;

const COMMITTED = {
  ...METAL,
  pricing: 'Committed',
  commitment: POOL,
  start: '2026-08-03T00:00:00Z',
  end: '2026-08-04T00:00:00Z',
} as const;

const EPOCH = {
  account: 'fluence-main',
  provider: 'fluence',
  resource: '0xabc',
  meter: 'vm-epochs',
  price: '2.487527',
  currency: 'USDC',
  rate: '0.9987654321',
  dayRule: 'seconds',
  pricing: 'Dynamic',
  unit: '24 Hours',
  quantity: '1',
  hours: '24',
} as const;

const SERVER_DAY: LedgerCharge = {
  ...METAL,
  key: 'flexmetal/1001/server-hours/2026-08-31',
  resource: '1001',
  meter: 'server-hours',
  start: '2026-08-31T10:15:30.449Z',
  end: '2026-09-01T00:15:30.449Z',
  quantity: '14',
  price: '0.714225',
  uncertainty: '0.5',
};

/** August 2026, as the first run entered it. */
const CHARGES: readonly LedgerCharge[] = [
  {
    ...COMMITTED,
    key: 'flexmetal/1001/committed/2026-08-03',
    resource: '1001',
    meter: 'committed-server-hours',
    status: 'Used',
    quantity: '24',
  },
  {
    ...COMMITTED,
    key: 'flexmetal/pool/unused/2026-08-03',
    resource: POOL,
    meter: 'unused-commitment-hours',
    status: 'Unused',
    quantity: '168',
    hours: '0',
  },
  SERVER_DAY,
  {
    ...EPOCH,
    key: 'fluence/0xabc/2026-08-30T18:00:00Z',
    start: '2026-08-30T18:00:00Z',
    end: '2026-08-31T18:00:00Z',
  },
  {
    ...EPOCH,
    key: 'fluence/0xabc/2026-08-31T18:00:00Z',
    start: '2026-08-31T18:00:00Z',
    end: '2026-09-01T18:00:00Z',
  },
  {
    account: 'openmetal-main',
    provider: 'openmetal',
    key: 'openmetal/term/discount/2026-08-12',
    resource: 'cloud-1/discount',
    meter: 'term-discount',
    category: 'Credit',
    start: '2026-08-12T00:00:00Z',
    end: '2026-08-13T00:00:00Z',
    quantity: '1',
    price: '-288.87',
    currency: 'USD',
    rate: '1',
    unit: 'Terms',
    hours: null,
  },
];

/** What a second run, with the books open from September, learns about August. */
const RESTATED: LedgerCharge = {
  ...SERVER_DAY,
  quantity: '15',
  run: 2,
  revision: 2,
  reason: 'quantity restated',
};

export async function createWorld(pool: pg.Pool): Promise<void> {
  await addRun(pool, 1, '2026-09-01T00:30:00Z', '-infinity');
  for (const charge of CHARGES) await enter(pool, charge);
  await pool.query(`
    insert into mart.transform_state (clock_at) values ('2026-09-01T00:30:00Z');
    insert into mart.dim_resource (account_id, resource_id, valid_from, provider, service_name,
      resource_type, name, status, sku, region_id, region_name, tags, gpu_count, vcpu_count)
    values
      ('i3d-main', '1001', '2026-07-01Z', 'i3d-flexmetal', 'FlexMetal', 'Bare Metal Server',
        '007', 'running', 'bm7.std.8', 'EU: Rotterdam', 'EU: Rotterdam',
        '{team:nlp,"keep, \\"please\\""}', 0, 8),
      ('i3d-main', '${POOL}', '2026-07-01Z', 'i3d-flexmetal', 'FlexMetal', 'Committed Capacity',
        'C-1', 'running', 'bm7.std.8', 'EU: Rotterdam', 'EU: Rotterdam', '{}', 0, null),
      ('fluence-main', '0xabc', '2026-07-01Z', 'fluence', 'Fluence CPU Cloud', 'Virtual Machine',
        'vm-1', 'running', '4vcpu-8gib', 'us-nyc-1', 'NYC, US', '{}', 0, 4),
      ('openmetal-main', 'cloud-1/discount', '2026-07-01Z', 'openmetal', 'OpenMetal Private Cloud',
        'Discount', 'Discount of cloud-1', 'running', null, null, null, '{}', 0, null);
    insert into reference.contract (provider, contract_id, sku, region, capacity, starts_at, ends_at,
      source_file, source_line, loaded_at)
    values ('i3d-flexmetal', 'C-1', 'bm7.std.8', 'EU: Rotterdam', 8, '2026-07-01Z', '2027-07-01Z',
      'contracts.csv', 2, '2026-07-01Z');
    insert into reference.exchange_rate (base_currency, quote_currency, valid_from, rate, source,
      source_file, source_line, loaded_at)
    values ('USDC', 'USD', '2026-01-01', 0.9987654321, 'observed', 'rates.csv', 2, '2026-07-01Z');
  `);
  // What the month's charges come to, in cents: 288.00 under the commitment and 14 × 0.714225.
  await landInvoice(pool, { id: '724319', lines: [{ cents: '29800' }] });
}

/** Closes August, then reverses and enters anew what September's first run knows better. */
export async function closeAndCorrect(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into ledger.closed_month values ('2026-08-01', '2026-09-05T00:00:00Z', 1, 'USD', false, '[]')`,
  );
  await addRun(pool, 2, '2026-09-06T00:30:00Z', '2026-09-01');
  await pool.query(`
    insert into ledger.charge (run_id, recorded_at, account_id, provider, charge_key, revision, entry,
      reverses_charge_id, reason, resource_id, meter, sku, region_id, charge_date,
      charge_period_start, charge_period_end, day_rule, charge_category, pricing_category, quantity,
      unit, usage_hours, gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost,
      effective_cost, billing_currency, reporting_cost, reporting_currency, exchange_rate, basis,
      uncertainty, source_versions)
    select 2, '2026-09-06T00:30:00Z', account_id, provider, charge_key, revision, 'reversal',
      charge_id, 'quantity restated', resource_id, meter, sku, region_id, charge_date,
      charge_period_start, charge_period_end, day_rule, charge_category, pricing_category, -quantity,
      unit, -usage_hours, gpu_hours, unit_price, price_source, -list_cost, -contracted_cost,
      -billed_cost, -effective_cost, billing_currency, -reporting_cost, reporting_currency,
      exchange_rate, basis, -uncertainty, source_versions
    from ledger.charge where charge_key = '${RESTATED.key}'`);
  await enter(pool, RESTATED);
  await pool.query(`
    insert into history.resource
    select dim.*, '2026-09-06T00:30:00Z' from mart.dim_resource as dim where resource_id = '1001';
    update mart.dim_resource set name = 'renamed', recorded_at = '2026-09-06T00:30:00Z'
    where resource_id = '1001';
    update mart.transform_state set clock_at = '2026-09-06T00:30:00Z'`);
}

/** Enters one charge in USDC for which no exchange rate is known. */
export async function enterUnvalued(pool: pg.Pool): Promise<void> {
  await enter(pool, {
    ...EPOCH,
    key: 'fluence/0xabc/2026-08-29T18:00:00Z',
    start: '2026-08-29T18:00:00Z',
    end: '2026-08-30T18:00:00Z',
    rate: null,
  });
}
