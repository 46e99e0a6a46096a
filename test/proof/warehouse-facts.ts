/** What proofs read from a warehouse: digests that two runs can be compared by, and broken promises. */
import { createHash } from 'node:crypto';
import type pg from 'pg';

/** Of an estimate, the key names the landed version that it rests on. */
const CHARGE_KEY = String.raw`
  regexp_replace(charge_key, '^(voltage_park_estimate/.+/\d{4}-\d\d-\d\d/)\d+', '\1')`;
/** Columns that a second life of the same history repeats; row ids depend on who came first. */
const LEDGER_STATE = `
  select account_id, ${CHARGE_KEY}, revision, entry, reason, recorded_at, charge_period_start,
    charge_period_end, quantity, unit_price, billed_cost, billing_currency, basis, uncertainty
  from ledger.charge`;
const ACCRUAL_STATE = `
  select account_id, ${CHARGE_KEY}, charge_period_start, charge_period_end, quantity, unit_price,
    billed_cost, billing_currency, basis, uncertainty
  from mart.accrual`;
const DAILY_STATE = `
  select account_id, resource_id, meter, cost_date, billing_currency, quantity, billed_cost
  from mart.fct_cost_daily`;
const LANDED_STATE = `
  select account_id, entity, slice, record_key, content_hash, seen_from, seen_to, ended_at,
    ended_because
  from landing.version`;
const WALLET_STATE = `
  select account_id, movement_key, kind, occurred_at, amount, currency from ledger.wallet_movement`;

export type Digests = Readonly<Record<string, string>>;

/** One digest per kind of fact, independent of the order of rows and of their ids. */
export async function digests(pool: pg.Pool): Promise<Digests> {
  return {
    landed: await digestOf(pool, LANDED_STATE),
    ledger: await digestOf(pool, LEDGER_STATE),
    accrual: await digestOf(pool, ACCRUAL_STATE),
    daily: await digestOf(pool, DAILY_STATE),
    wallet: await digestOf(pool, WALLET_STATE),
  };
}

async function digestOf(pool: pg.Pool, state: string): Promise<string> {
  const { rows } = await pool.query<{ text: string | null }>(
    `select string_agg(fact::text, '|' order by fact::text) as text from (${state}) as fact`,
  );
  return createHash('sha256')
    .update(rows[0]?.text ?? '')
    .digest('hex');
}

/** Percent of all money, in the reporting currency, that stands in charges with an uncertainty. */
export async function estimatedPercent(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ percent: string | null }>(
    `with known as (
       select entry = 'charge' as is_charge, reporting_cost, uncertainty from ledger.charge
       union all
       select true, reporting_cost, uncertainty from mart.accrual
     )
     select round(
         100 * sum(abs(reporting_cost) * case when is_charge then 1 else -1 end)
           filter (where uncertainty <> 0)
         / nullif(sum(abs(reporting_cost) * case when is_charge then 1 else -1 end), 0), 3
       )::text as percent
     from known`,
  );
  return rows[0]?.percent ?? '0';
}

/** Credentials and planted secrets of the simulated providers, wherever text is kept. */
export async function leakedSecrets(pool: pg.Pool): Promise<string[]> {
  const SECRET = 'SIMULATED-(KUBECONFIG-)?SECRET|simulated-[a-z-]+-(key|token|secret)';
  const leaks: string[] = [];
  for (const table of ['landing.version', 'landing.sweep', 'landing.quarantine']) {
    const { rows } = await pool.query<{ found: number }>(
      `select count(*) as found from ${table} as row where row::text ~ $1`,
      [SECRET],
    );
    if (Number(rows[0]?.found) > 0) leaks.push(`${rows[0]?.found} row(s) of ${table}`);
  }
  return leaks;
}

/** Records that are still set aside. */
export async function quarantined(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ place: string }>(
    `select entity || ' ' || coalesce(record_key, '?') || ': ' || reason as place
     from landing.quarantine where released_at is null order by place`,
  );
  return rows.map(({ place }) => place);
}

/** `service month` of what the warehouse itself says that no sync observed, as before the first one. */
export async function unobservedMonths(pool: pg.Pool): Promise<Set<string>> {
  const { rows } = await pool.query<{ place: string }>(
    `select distinct provider || ' ' || to_char(starts_at at time zone 'UTC', 'YYYY-MM') as place
     from mart.rpt_coverage_unobserved`,
  );
  return new Set(rows.map(({ place }) => place));
}

/**
 * Fluence machines, OpenMetal assets and nodes that some answer held, set aside or not. Fluence has no bill
 * that would tell of the others later: a machine that lived while nothing could be read is known to
 * nobody. OpenMetal's bill, while it cannot be read, tells nobody under which id it has a new node.
 */
export async function shownIds(pool: pg.Pool): Promise<Set<string>> {
  const entities = ['fluence.vm', 'openmetal.asset_log', 'openmetal.node'];
  const { rows } = await pool.query<{ id: string }>(
    `select lower(record_key) as id from landing.version where entity = any ($1)
     union
     select lower(record_key) from landing.quarantine
     where entity = any ($1) and record_key is not null`,
    [entities],
  );
  return new Set(rows.map(({ id }) => id));
}
