/** A rate card, a contract, and the ledger that the production transform makes with them. */
import type pg from 'pg';
import { PRODUCTS } from '../../../collectors/registry.ts';
import { runTransform, type TransformResult } from '../../../transforms/ledger/run-transform.ts';
import { readManifest } from '../../../transforms/manifest.ts';
import type { ReferenceData } from '../../../transforms/reference/read-reference.ts';
import { CONTRACT } from './warehouse.ts';
import { CENTS } from './world.ts';

/** When the on-demand price changes. */
export const CHANGE_MS = Date.parse('2026-11-01T06:30:00Z');

export const rate = (
  provider: string,
  sku: string,
  region: string,
  contractId: string,
  cents: number,
  unit = 'Hours',
) => ({
  provider,
  account: null,
  sku,
  region,
  contract_id: contractId,
  unit,
  unit_price: `${cents / 100}`,
  list_unit_price: null,
  currency: 'EUR',
  valid_from: '2026-01-01',
  valid_to: null,
  source_file: 'rates.csv',
  source_line: 2,
});

const onDemand = (cents: number) => rate('i3d-flexmetal', 'bm7.std.8', 'EU: Rotterdam', '', cents);

/** On demand until CHANGE_MS and after it, under the contract, and a VM. */
export const REFERENCE: ReferenceData = {
  rates: [
    { ...onDemand(CENTS.before), valid_to: new Date(CHANGE_MS).toISOString() },
    { ...onDemand(CENTS.after), valid_from: new Date(CHANGE_MS).toISOString() },
    rate('i3d-flexmetal', 'bm7.std.8', 'EU: Rotterdam', CONTRACT, CENTS.contract),
    rate('i3d-flexvm', 'vm.gpu.1rtx4000.15c.248g', 'frmtl1', '', CENTS.vm),
  ],
  contracts: [
    {
      provider: 'i3d-flexmetal',
      account: null,
      contract_id: CONTRACT,
      sku: 'bm7.std.8',
      region: 'EU: Rotterdam',
      capacity: '2',
      starts_at: '2026-10-31',
      ends_at: '2026-11-02T06:00:00Z',
      source_file: 'contracts.csv',
      source_line: 2,
    },
  ],
  exchangeRates: [],
};

/** Transforms at an instant; `isFull` recomputes everything from landing. */
export async function transform(
  pool: pg.Pool,
  nowMs: number,
  isFull = false,
  reference: ReferenceData = REFERENCE,
): Promise<TransformResult> {
  return runTransform(pool, {
    manifest: await readManifest(PRODUCTS),
    reference,
    reportingCurrency: 'EUR',
    nowMs,
    isFull,
  });
}

/** Hours and cents that the ledger and the accruals hold, per `resource meter day`. */
export async function standing(
  pool: pg.Pool,
): Promise<Map<string, { hours: number; cents: number }>> {
  const { rows } = await pool.query<{ key: string; hours: number; cents: number }>(
    `with entry as (
       select resource_id, meter, charge_date, quantity, billed_cost from ledger.charge
       union all
       select resource_id, meter, charge_date, quantity, billed_cost from mart.accrual
     )
     select resource_id || ' ' || meter || ' ' || charge_date as key,
       sum(quantity)::float8 as hours, (sum(billed_cost) * 100)::float8 as cents
     from entry group by resource_id, meter, charge_date having sum(quantity) <> 0`,
  );
  return new Map(rows.map(({ key, hours, cents }) => [key, { hours, cents }]));
}
