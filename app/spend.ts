/** Reads of the marts that several commands print. Amounts are exact decimal texts. */
import type pg from 'pg';

export interface ProviderSpend {
  readonly provider: string;
  readonly billing_currency: string;
  readonly resources: number;
  readonly usage_hours: string;
  readonly gpu_hours: string;
  readonly billed_cost: string;
  readonly reporting_cost: string;
  readonly accrued_cost: string;
  readonly uncertainty: string;
}

export interface TeamSpend {
  readonly team: string;
  readonly gpu_hours: string;
  readonly reporting_cost: string;
}

export interface DaySpend {
  readonly cost_date: string;
  readonly reporting_cost: string;
}

/** A half-open range of UTC days, `YYYY-MM-DD`. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** One row per provider and billing currency. */
export async function spendByProvider(pool: pg.Pool, range: DayRange): Promise<ProviderSpend[]> {
  const { rows } = await pool.query<ProviderSpend>(
    `select provider, billing_currency, count(distinct resource_id) as resources,
       trim_scale(sum(usage_hours)) as usage_hours, trim_scale(sum(gpu_hours)) as gpu_hours,
       trim_scale(sum(billed_cost)) as billed_cost,
       trim_scale(sum(reporting_cost)) as reporting_cost,
       trim_scale(sum(accrued_cost)) as accrued_cost, trim_scale(sum(uncertainty)) as uncertainty
     from mart.fct_cost_daily
     where cost_date >= $1 and cost_date < $2
     group by provider, billing_currency
     order by sum(reporting_cost) desc, provider`,
    [range.from, range.to],
  );
  return rows;
}

/** One row per team, the dearest first. */
export async function spendByTeam(pool: pg.Pool, range: DayRange): Promise<TeamSpend[]> {
  const { rows } = await pool.query<TeamSpend>(
    `select team, trim_scale(sum(gpu_hours)) as gpu_hours,
       trim_scale(sum(reporting_cost)) as reporting_cost
     from mart.rpt_cost_owned_daily
     where cost_date >= $1 and cost_date < $2
     group by team
     order by sum(reporting_cost) desc, team`,
    [range.from, range.to],
  );
  return rows;
}

/** One row per UTC day of the range, days without cost included. */
export async function spendByDay(pool: pg.Pool, range: DayRange): Promise<DaySpend[]> {
  const { rows } = await pool.query<DaySpend>(
    `select day::date as cost_date, trim_scale(coalesce(sum(fact.reporting_cost), 0)) as reporting_cost
     from generate_series($1::date::timestamp, $2::date::timestamp - interval '1 day', interval '1 day')
       as day
     left join mart.fct_cost_daily as fact on fact.cost_date = day::date
     group by day
     order by day`,
    [range.from, range.to],
  );
  return rows;
}
