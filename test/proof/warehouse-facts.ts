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

/** What a provider charged and by how much that may be wrong, in the reporting currency. */
export interface ValueInDoubt {
  readonly provider: string;
  readonly value: string;
  readonly in_doubt: string;
}

/** One row per provider: charges that stand and accruals; credits count as much as charges. */
export async function valueInDoubt(pool: pg.Pool): Promise<ValueInDoubt[]> {
  const { rows } = await pool.query<ValueInDoubt>(
    `with known as (
       select provider, case entry when 'charge' then 1 else -1 end as sign,
         billed_cost, reporting_cost, uncertainty
       from ledger.charge
       union all
       select provider, 1, billed_cost, reporting_cost, uncertainty from mart.accrual
     )
     select provider,
       sum(sign * abs(reporting_cost))::text as value,
       sum(sign * abs(uncertainty) * coalesce(reporting_cost / nullif(billed_cost, 0), 1))::text
         as in_doubt
     from known group by provider order by provider collate "C"`,
  );
  return rows;
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

/** `id month` of what was set aside and gone before it could be read, where the warehouse doubts the month. */
export async function goneUnread(pool: pg.Pool): Promise<Set<string>> {
  const { rows } = await pool.query<{ place: string }>(
    `select distinct lower(held.record_key) || ' ' || to_char(uncertain.month, 'YYYY-MM') as place
     from landing.quarantine as held
     join mart.rpt_month_uncertainty as uncertain
       on uncertain.account_id = held.account_id and uncertain.about = held.stream
       and uncertain.kind = 'gone from quarantine'
     where held.record_key is not null and not exists (
       select from landing.version
       where version.account_id = held.account_id and version.entity = held.entity
         and version.record_key = held.record_key
     )`,
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
