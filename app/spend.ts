/** Reads of the marts that several commands print. Amounts are exact decimal texts. */
import type pg from 'pg';
import type { Knowledge } from './knowledge.ts';

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

/** A part of a month that no sync observed, because collecting began later. */
export interface UnobservedPart {
  readonly account_id: string;
  readonly stream: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly can_be_collected: boolean;
  /** In the reporting currency: at the most expensive known day up to the day after the first sync. */
  readonly may_hide_cost: string;
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

/**
 * One row per provider and billing currency. `uncertainty` includes what may be missing because no sync
 * observed it before collecting began.
 */
export function spendByProvider(pool: pg.Pool, knowledge: Knowledge): Promise<ProviderSpend[]> {
  return knowledge.query<ProviderSpend>(
    pool,
    `select provider, billing_currency, count(distinct resource_id) as resources,
       trim_scale(sum(usage_hours)) as usage_hours, trim_scale(sum(gpu_hours)) as gpu_hours,
       trim_scale(sum(billed_cost)) as billed_cost,
       trim_scale(sum(reporting_cost)) as reporting_cost,
       trim_scale(sum(accrued_cost)) as accrued_cost,
       trim_scale(sum(uncertainty) + coalesce(
         -- In the billing currency, shared by what each currency cost.
         round(unobserved.may_hide_cost * sum(billed_cost)
           / nullif(sum(sum(reporting_cost)) over (partition by provider), 0), 9),
         0
       )) as uncertainty
     from known_cost as cost
     left join (
       select provider, sum(may_hide_cost) as may_hide_cost
       from known_unobserved as part
       where starts_at >= :'from'::date::timestamp at time zone 'UTC'
         and starts_at < :'to'::date::timestamp at time zone 'UTC'
       group by provider
     ) as unobserved using (provider)
     where cost_date >= :'from' and cost_date < :'to'
     group by provider, billing_currency, unobserved.may_hide_cost
     order by sum(reporting_cost) desc, provider`,
  );
}

/** The parts of the range that were never observed, by account and stream. */
export function unobservedParts(pool: pg.Pool, knowledge: Knowledge): Promise<UnobservedPart[]> {
  return knowledge.query<UnobservedPart>(
    pool,
    `select account_id, stream, can_be_collected, trim_scale(may_hide_cost) as may_hide_cost,
       to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') as starts_at,
       to_char(ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') as ends_at
     from known_unobserved as part
     where part.starts_at >= :'from'::date::timestamp at time zone 'UTC'
       and part.starts_at < :'to'::date::timestamp at time zone 'UTC'
     order by account_id collate "C", stream collate "C"`,
  );
}

/** One row per team, the most expensive first. */
export function spendByTeam(pool: pg.Pool, knowledge: Knowledge): Promise<TeamSpend[]> {
  return knowledge.query<TeamSpend>(
    pool,
    `select team, trim_scale(sum(gpu_hours)) as gpu_hours,
       trim_scale(sum(reporting_cost)) as reporting_cost
     from known_owned_cost as cost
     where cost_date >= :'from' and cost_date < :'to'
     group by team
     order by sum(reporting_cost) desc, team`,
  );
}

/** One row per UTC day of the range, days without cost included. */
export function spendByDay(pool: pg.Pool, knowledge: Knowledge): Promise<DaySpend[]> {
  return knowledge.query<DaySpend>(
    pool,
    `select day::date as cost_date, trim_scale(coalesce(sum(fact.reporting_cost), 0)) as reporting_cost
     from generate_series(
       :'from'::date::timestamp, :'to'::date::timestamp - interval '1 day', interval '1 day'
     ) as day
     left join known_cost as fact on fact.cost_date = day::date
     group by day
     order by day`,
  );
}
