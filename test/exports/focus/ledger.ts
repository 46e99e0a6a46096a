/** Writes the ledger of a small world by hand: runs, and charges in full. */
import type pg from 'pg';

export interface LedgerCharge {
  readonly account: string;
  readonly provider: string;
  readonly key: string;
  readonly resource: string;
  readonly meter: string;
  readonly start: string;
  readonly end: string;
  readonly quantity: string;
  readonly price: string;
  readonly currency: string;
  readonly rate: string | null;
  readonly run?: number;
  readonly revision?: number;
  readonly dayRule?: 'start' | 'seconds';
  readonly category?: 'Usage' | 'Credit';
  readonly pricing?: 'Standard' | 'Committed' | 'Dynamic';
  readonly commitment?: string;
  readonly status?: 'Used' | 'Unused';
  readonly unit?: string;
  readonly hours?: string | null;
  readonly reason?: string;
  readonly uncertainty?: string;
  readonly priceSource?: string;
}

export async function addRun(
  pool: pg.Pool,
  id: number,
  at: string,
  openFrom: string,
): Promise<void> {
  await pool.query(
    `insert into ledger.run (run_id, clock_at, duration_ms, changes_taken, scopes, charges_posted,
       charges_reversed, accruals_written, books_open_from)
     overriding system value values ($1, $2, 0, 0, 0, 0, 0, 0, $3)`,
    [id, at, openFrom],
  );
}

export async function enter(pool: pg.Pool, charge: LedgerCharge): Promise<void> {
  await pool.query(
    `insert into ledger.charge (run_id, recorded_at, account_id, provider, charge_key, revision,
       entry, reason, resource_id, meter, sku, region_id, charge_date, charge_period_start,
       charge_period_end, day_rule, charge_category, pricing_category, commitment_id,
       commitment_status, quantity, unit, usage_hours, gpu_hours, unit_price, price_source, list_cost,
       contracted_cost, billed_cost, effective_cost, billing_currency, reporting_cost,
       reporting_currency, exchange_rate, basis, uncertainty, source_versions)
     select run_id, clock_at, $2, $3, $4, $5, 'charge', $6, $7, $8,
       case when $16 = 'Usage' then coalesce(dim.sku, 'bm7.std.8') end,
       case when $16 = 'Usage' then 'EU: Rotterdam' end,
       ($9::timestamptz at time zone 'UTC')::date, $9, $10, $15, $16, $17, $18, $19, $11, $20, $21, 0,
       $12, $23, cost, cost, cost, cost, $13, round(cost * $14, 9), 'USD', $14::numeric,
       'derived', $22, '{12}'
     from ledger.run
     left join mart.dim_resource as dim on dim.resource_id = $7
     cross join lateral (select round($11::numeric * $12::numeric, 9) as cost) as priced
     where run_id = $1`,
    [
      charge.run ?? 1,
      charge.account,
      charge.provider,
      charge.key,
      charge.revision ?? 1,
      charge.reason ?? 'first entry',
      charge.resource,
      charge.meter,
      charge.start,
      charge.end,
      charge.quantity,
      charge.price,
      charge.currency,
      charge.rate,
      charge.dayRule ?? 'start',
      charge.category ?? 'Usage',
      charge.pricing ?? 'Standard',
      charge.commitment ?? null,
      charge.status ?? null,
      charge.unit ?? 'Hours',
      charge.hours === undefined ? charge.quantity : charge.hours,
      charge.uncertainty ?? '0',
      charge.priceSource ?? 'api:1',
    ],
  );
}
