/** Entries of the ledger as a transform would have made them. */
import type pg from 'pg';

export interface EnteredCharge {
  readonly resource: string;
  /** The clock of the run that enters it. */
  readonly enteredAt: string;
  /** Until when the books were closed then: `YYYY-MM-DD`. */
  readonly booksOpenFrom?: string;
  /** A whole UTC day: `YYYY-MM-DD`. */
  readonly day: string;
  readonly price: string;
  readonly sku?: string;
  /** Quantity 1; negative for what is taken back. */
  readonly cost?: string;
}

/** A day's charge of a Voltage Park machine, in USD; each one is of a run of its own. */
export async function enterCharge(connection: pg.ClientBase, charge: EnteredCharge): Promise<void> {
  const { rows } = await connection.query<{ run_id: string }>(
    `insert into ledger.run (clock_at, duration_ms, changes_taken, scopes, charges_posted,
       charges_reversed, accruals_written, books_open_from)
     values ($1, 0, 0, 0, 1, 0, 0, $2) returning run_id`,
    [charge.enteredAt, charge.booksOpenFrom ?? '-infinity'],
  );
  const runId = rows[0]?.run_id;
  await connection.query(
    `insert into ledger.charge (run_id, recorded_at, account_id, provider, charge_key, revision,
       entry, reason, resource_id, meter, sku, region_id, charge_date, charge_period_start,
       charge_period_end, day_rule, charge_category, pricing_category, quantity, unit, usage_hours,
       gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost, effective_cost,
       billing_currency, reporting_cost, reporting_currency, exchange_rate, basis, uncertainty,
       source_versions)
     values ($1::bigint, $2, 'test-account', 'voltage-park', 'planted/' || $1::bigint, 1, 'charge', 'first seen', $3,
       'vm-hours', $4, 'region-1', $5::date, $5::date::timestamp at time zone 'UTC',
       ($5::date::timestamp + interval '1 day') at time zone 'UTC', 'seconds', 'Usage', 'Standard', 1,
       'Hours', 24, 0, $6::numeric, 'api:1', $7::numeric, $7::numeric, $7::numeric, $7::numeric,
       'USD', $7::numeric, 'USD', 1, 'billed', 0, '{}')`,
    [
      runId,
      charge.enteredAt,
      charge.resource,
      charge.sku ?? '1x h100',
      charge.day,
      charge.price,
      charge.cost ?? charge.price,
    ],
  );
}
