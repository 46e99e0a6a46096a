/**
 * Goal: what a bill states is what the ledger holds, and a bill that is delivered again moves the difference.
 * Method: files of a few rows with the right value by hand.
 */
import { expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { collected, csvOf, deliveryFolder, texts, transformed, write } from './warehouse.ts';

const CURRENT = `select concat_ws(' ', resource_id, charge_category, trim_scale(billed_cost))
  from intermediate.known_charge order by resource_id collate "C", charge_key collate "C"`;
const ENTRIES = `select concat_ws(' ', entry, resource_id, trim_scale(billed_cost), reason)
  from ledger.charge where run_id = (select max(run_id) from ledger.run)
  order by entry desc, reason collate "C" desc, resource_id collate "C"`;

test('each of the four costs is kept, and what is paid ahead counts once', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const plan = {
    CommitmentDiscountId: 'plan-1',
    CommitmentDiscountType: 'Savings Plan',
    PricingCategory: 'Committed',
  };
  write(
    folder,
    '2026-09.csv',
    csvOf([
      { BilledCost: '1E+1', EffectiveCost: '9.5', ContractedCost: '10', ListCost: '12' },
      // 30 was paid for the month; 20 of it was used, 10 was not.
      {
        ...plan,
        ResourceId: 'plan-1',
        ChargeCategory: 'Purchase',
        ChargeFrequency: 'Recurring',
        ChargePeriodEnd: '2026-10-01T00:00:00Z',
        BilledCost: '30',
        EffectiveCost: '0',
        ContractedCost: '30',
        ListCost: '40',
      },
      {
        ...plan,
        ResourceId: 'vm-2',
        BilledCost: '0',
        EffectiveCost: '20',
        CommitmentDiscountStatus: 'Used',
      },
      {
        ...plan,
        ResourceId: 'plan-1',
        BilledCost: '0',
        EffectiveCost: '10',
        CommitmentDiscountStatus: 'Unused',
      },
      { ResourceId: 'vm-3', BilledCost: '-2', EffectiveCost: '-2', ChargeClass: 'Correction' },
      {
        ResourceId: 'NULL',
        ServiceName: 'Tax',
        ChargeCategory: 'Tax',
        BilledCost: '4',
        PricingUnit: '',
      },
    ]),
  );
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  const run = await transformed(pool, '2026-10-01T01:00:00Z');

  expect(run).toMatchObject({ chargesPosted: 6, setAside: 0 });
  expect(
    await texts(
      pool,
      `select concat_ws(' ', resource_id, charge_category, day_rule, commitment_id, commitment_status,
         trim_scale(billed_cost), trim_scale(effective_cost), trim_scale(contracted_cost),
         trim_scale(list_cost), unit, basis, trim_scale(uncertainty))
       from ledger.charge order by resource_id collate "C", charge_category, billed_cost`,
    ),
  ).toEqual([
    'Tax of 222 in eu-1 #5a1ad4b06545de1a Tax seconds 4 1 1 2 Charges billed 0',
    'plan-1 Purchase seconds plan-1 30 0 30 40 Hours billed 0',
    'plan-1 Usage seconds plan-1 Unused 0 10 1 2 Hours billed 0',
    'vm-1 Usage seconds 10 9.5 10 12 Hours billed 0',
    'vm-2 Usage seconds plan-1 Used 0 20 1 2 Hours billed 0',
    'vm-3 Adjustment seconds -2 -2 1 2 Hours billed 0',
  ]);
  // Owed: 10 + 30 - 2 + 4. Used up: 9.5 + 20 + 10 - 2 + 1.
  expect(
    await texts(
      pool,
      'select trim_scale(sum(billed_cost)), trim_scale(sum(effective_cost)) as effective, trim_scale(sum(reporting_cost)) as reporting from mart.fct_cost_daily',
    ),
  ).toEqual(['42 38.5 42']);
});

test('a period delivered again is reversed and posted by difference', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const rows = [{}, { ResourceId: 'vm-2' }, { ResourceId: 'vm-3' }, { ResourceId: 'vm-4' }];
  write(folder, '2026-09.csv', csvOf(rows));
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  await transformed(pool, '2026-10-01T01:00:00Z');

  write(
    folder,
    '2026-09.csv',
    csvOf([
      {},
      { ResourceId: 'vm-2', BilledCost: '1.25' },
      { ResourceId: 'vm-3', Tags: '{"team":"ads"}' },
    ]),
  );
  await collected(pool, folder, '2026-10-02T00:00:00Z');
  const run = await transformed(pool, '2026-10-02T01:00:00Z');
  expect(run).toMatchObject({ chargesPosted: 2, chargesReversed: 3 });
  expect(await texts(pool, ENTRIES)).toEqual([
    'reversal vm-3 -1 withdrawn: the facts no longer support it',
    'reversal vm-4 -1 withdrawn: the facts no longer support it',
    'reversal vm-2 -1 price or amount restated',
    'charge vm-2 1.25 price or amount restated',
    'charge vm-3 1 first entry',
  ]);
  expect(await texts(pool, CURRENT)).toEqual(['vm-1 Usage 1', 'vm-2 Usage 1.25', 'vm-3 Usage 1']);

  // Computed anew from the files alone, nothing differs.
  const full = await transformed(pool, '2026-10-02T01:00:00Z', { isFull: true });
  expect(full).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
});

test('each seller that a file names is a provider, with its services', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  write(
    folder,
    '2026-09.csv',
    csvOf([
      {},
      {
        ProviderName: 'Soft & Co.',
        InvoiceIssuerName: 'Soft Inc.',
        ServiceName: 'Tickets',
        ServiceCategory: 'Business Applications',
        ResourceId: '',
        BilledCost: '5',
        BillingCurrency: 'eur',
      },
    ]),
  );
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  await transformed(pool, '2026-10-01T01:00:00Z');
  expect(
    await texts(
      pool,
      `select concat_ws(' ', provider, billing_currency, trim_scale(billed_cost)) from ledger.charge
       order by provider collate "C"`,
    ),
  ).toEqual(['focus-cloud USD 1', 'focus-soft-co EUR 5']);
  expect(
    await texts(
      pool,
      `select concat_ws(', ', provider, issuer_name) from mart.dim_product
       where stream_prefix = 'focus' order by 1`,
    ),
  ).toEqual(['focus, FOCUS files', 'focus-cloud, Cloud Ltd', 'focus-soft-co, Soft Inc.']);
  expect(
    await texts(
      pool,
      `select concat_ws(', ', provider, service_name, service_category) from mart.dim_service
       where provider like 'focus-%' order by 1`,
    ),
  ).toEqual(['focus-cloud, Machines, Compute', 'focus-soft-co, Tickets, Business Applications']);
});

test('a charge that two deliveries hold counts once, as the later one has it', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  write(folder, 'costs.csv', csvOf([{}]));
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  await transformed(pool, '2026-10-01T01:00:00Z');
  write(folder, 'copy/2026-09.csv', csvOf([{ BilledCost: '3' }]));
  await collected(pool, folder, '2026-10-02T00:00:00Z');
  await transformed(pool, '2026-10-02T01:00:00Z');
  expect(await texts(pool, CURRENT)).toEqual(['vm-1 Usage 3']);
});

test('tags own the cost of their days, and parts of a resource without an id their own', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const second = {
    ChargePeriodStart: '2026-09-02T00:00:00Z',
    ChargePeriodEnd: '2026-09-03T00:00:00Z',
  };
  const unnamed = { ResourceId: '', ServiceName: 'Support' };
  write(
    folder,
    '2026-09.csv',
    csvOf([
      {},
      { ...second, Tags: '{"team":"ads"}', BilledCost: '2' },
      { ...unnamed, BilledCost: '4' },
      { ...unnamed, Tags: '{"team":"ads"}', BilledCost: '8' },
      { ...unnamed, Tags: '', BilledCost: '16' },
    ]),
  );
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  await transformed(pool, '2026-10-01T01:00:00Z');
  expect(
    await texts(
      pool,
      `select concat_ws(' ', cost_date, team, trim_scale(sum(billed_cost)))
       from mart.rpt_cost_owned_daily group by cost_date, team order by 1`,
    ),
  ).toEqual([
    '2026-09-01 (no team) 16',
    '2026-09-01 ads 8',
    '2026-09-01 nlp 5',
    '2026-09-02 ads 2',
  ]);
});

test('a month is charged to the days that it spans, a one-time charge to the first', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const month = {
    ChargePeriodEnd: '2026-10-01T00:00:00Z',
    ChargeFrequency: 'Recurring',
    BilledCost: '30',
  };
  write(
    folder,
    '2026-09.csv',
    csvOf([
      month,
      { ...month, ResourceId: 'fee', ChargeFrequency: 'One-Time', ChargeCategory: 'Purchase' },
    ]),
  );
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  await transformed(pool, '2026-10-01T01:00:00Z');
  expect(
    await texts(
      pool,
      `select concat_ws(' ', resource_id, count(*), trim_scale(max(billed_cost)))
       from mart.fct_cost_daily group by resource_id order by 1`,
    ),
  ).toEqual(['fee 1 30', 'vm-1 30 1']);
});

test('rows of more digits than the ledger has leave no rest', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  // Three times 0.0000000004 rounds to nothing each, and to 0.000000001 together.
  const small = {
    BilledCost: '0.0000000004',
    EffectiveCost: '1',
    ListCost: '1',
    ContractedCost: '1',
  };
  write(
    folder,
    '2026-09.csv',
    csvOf([small, { ...small, ResourceId: 'vm-2' }, { ...small, ResourceId: 'vm-3' }]),
  );
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  await transformed(pool, '2026-10-01T01:00:00Z');
  expect(
    await texts(
      pool,
      `select concat_ws(' ', meter, sum(billed_cost)) from ledger.charge group by meter order by 1`,
    ),
  ).toEqual(['Hours 0.000000000', 'rounding 0.000000001']);
});
