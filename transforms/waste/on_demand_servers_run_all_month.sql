-- Waste: a server runs on demand all month although its type is sold for less under a contract.
-- Kind: paid too much
-- Action: commit to it: extend a contract of this type and region by the servers that always run.
-- Counted: the last 7 whole UTC days at the difference of the two prices, for 730 hours. A price by
-- the month counts as 730 hours. Where a commitment has idle hours, those are to be filled first.
with price as (
  select
    price.account_id, price.sku, price.region_id, price.contract_id, rate.currency,
    coalesce(rate.hour_price, rate.month_price / 730) as hour_price
  from intermediate.int_i3d__price as price
  join intermediate.int_i3d__rate as rate using (rate_id)
  where price.provider = 'i3d-flexmetal'
    and price.edge_at <= :'now'::timestamptz and price.edge_until > :'now'::timestamptz
),
saving as (
  select distinct on (account_id, sku, region_id)
    account_id, sku, region_id, committed.contract_id, currency,
    on_demand.hour_price, committed.hour_price as committed_hour_price
  from price as on_demand
  join price as committed using (account_id, sku, region_id, currency)
  where on_demand.contract_id = '' and committed.contract_id <> ''
    and committed.hour_price < on_demand.hour_price
    -- A contract that is over cannot be extended: its price is no offer.
    and not exists (
      select from intermediate.int_flexmetal__pool_term as term
      where term.account_id = on_demand.account_id and term.contract_id = committed.contract_id
        and term.sku = on_demand.sku
        and term.region_id = on_demand.region_id
      having max(term.ends_at) <= :'now'::timestamptz
    )
  order by account_id, sku, region_id, committed.hour_price,
    committed.contract_id collate "C"
),
always_on as (
  select account_id, resource_id, sum(usage_hours) as hours
  from mart.fct_cost_daily
  where provider = 'i3d-flexmetal' and meter = 'server-hours'
    and cost_date >= (:'now'::timestamptz at time zone 'UTC')::date - 30
    and cost_date < (:'now'::timestamptz at time zone 'UTC')::date
  group by account_id, resource_id
  having sum(usage_hours) >= 0.95 * 720
),
idle as (
  select distinct pool.account_id, pool.sku, pool.region_id
  from mart.fct_cost_daily as fact
  join mart.dim_resource as pool using (account_id, resource_id)
  where fact.meter = 'unused-commitment-hours' and pool.valid_to is null
    and fact.cost_date >= (:'now'::timestamptz at time zone 'UTC')::date - 7
    and fact.cost_date < (:'now'::timestamptz at time zone 'UTC')::date
)
select
  always_on.account_id,
  resource.provider,
  always_on.resource_id,
  resource.name as resource_name,
  resource.started_at as since,
  round(
    mart.cost_per_month(
      always_on.account_id, always_on.resource_id, resource.started_at, :'now',
      array['server-hours']
    ) * (1 - saving.committed_hour_price / saving.hour_price),
    9
  ) as cost_per_month,
  format(
    '%s of the last 720 hours on demand at %s %s; contract %s has the type for %s',
    trim_scale(always_on.hours), trim_scale(round(saving.hour_price, 6)), saving.currency,
    saving.contract_id, trim_scale(round(saving.committed_hour_price, 6))
  ) as evidence
from always_on
join mart.dim_resource as resource
  on resource.account_id = always_on.account_id and resource.resource_id = always_on.resource_id
  and resource.valid_to is null and resource.status = 'running'
join saving
  on saving.account_id = resource.account_id and saving.sku = resource.sku
  and saving.region_id = resource.region_id
where not exists (
  select from idle
  where idle.account_id = resource.account_id and idle.sku = resource.sku
    and idle.region_id = resource.region_id
)
