-- One row per resource whose billing began within the last 24 hours. `value`: what it costs per day at
-- its newest charges for use, in the reporting currency; what is charged by the epoch costs its price
-- per whole epoch, however short the first one is cut. One that lacks a price is no row,
-- rather than one of no cost: mart.alert_unpriced_usage tells of it.
select
  resource.account_id,
  resource.provider,
  resource.resource_type,
  resource.resource_id,
  coalesce(resource.name, resource.resource_id) as resource_name,
  coalesce(resource.sku, 'unknown') as sku,
  coalesce(owned.team, '(no team)') as team,
  coalesce(currency.reporting_currency, 'reporting currency') as currency,
  round(pace.cost_per_day, 2) as value
from mart.dim_resource as resource
cross join mart.rpt_clock as clock
cross join mart.rpt_reporting_currency as currency
left join mart.resource_ownership as owned
  on owned.account_id = resource.account_id and owned.resource_id = resource.resource_id
  and owned.to_date = 'infinity'
cross join lateral (
  select sum(newest.cost_per_day) as cost_per_day
  from (
    select distinct on (charge.meter)
      charge.price_source,
      charge.reporting_cost * 24 / coalesce(
        nullif(charge.quantity * substring(charge.unit from '^(\d+) Hours$')::numeric, 0),
        extract(epoch from charge.charge_period_end - charge.charge_period_start) / 3600
      ) as cost_per_day
    from intermediate.known_charge as charge
    where charge.account_id = resource.account_id and charge.resource_id = resource.resource_id
      and charge.charge_date >= (resource.started_at at time zone 'UTC')::date
      and charge.charge_category = 'Usage'
    order by charge.meter, charge.charge_period_start desc, charge.charge_key collate "C" desc
  ) as newest
  having bool_and(newest.price_source <> 'missing' and newest.cost_per_day is not null)
) as pace
where resource.valid_to is null
  and resource.started_at > clock.clock_at - interval '24 hours'
  and resource.started_at <= clock.clock_at
  and resource.ended_at is null
