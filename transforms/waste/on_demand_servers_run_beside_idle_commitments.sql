-- Waste: servers are paid on demand while a commitment for their type and region has idle hours.
-- Kind: idle commitment
-- Action: order them anew under the contract: the committed hours are paid already.
-- Counted: hours on demand that the pool's idle ones would have covered on the same UTC day, over
-- the last 30 whole days, for 730 hours, where commitment and server still run. Days are compared, not hours: an upper bound. A row is
-- about the pool, as its idle hours are: filling it and shrinking it cannot both be saved.
with fact as (
  select
    fact.account_id, fact.resource_id, fact.meter, fact.cost_date, fact.quantity,
    fact.reporting_cost, resource.sku, resource.region_id, resource.status
  from mart.fct_cost_daily as fact
  join mart.dim_resource as resource
    on resource.account_id = fact.account_id and resource.resource_id = fact.resource_id
    and resource.valid_to is null
  where fact.provider = 'i3d-flexmetal'
    and fact.meter in ('server-hours', 'unused-commitment-hours')
    and fact.cost_date >= (:'now'::timestamptz at time zone 'UTC')::date - 30
    and fact.cost_date < (:'now'::timestamptz at time zone 'UTC')::date
),
running as (
  select distinct account_id, pool_id
  from intermediate.int_flexmetal__pool_term
  where starts_at <= :'now'::timestamptz and ends_at > :'now'::timestamptz
),
idle as (
  select
    fact.*,
    coalesce(sum(quantity) over (
      partition by fact.account_id, sku, region_id, cost_date
      order by quantity desc, resource_id collate "C"
      rows between unbounded preceding and 1 preceding
    ), 0) as hours_before
  from fact
  join running
    on running.account_id = fact.account_id and running.pool_id = fact.resource_id
  where fact.meter = 'unused-commitment-hours'
),
on_demand as (
  select
    account_id, sku, region_id, cost_date,
    sum(quantity) as hours, sum(reporting_cost) as cost, count(*) as servers
  from fact
  where meter = 'server-hours' and quantity > 0 and status not in ('ended', 'releasing')
  group by account_id, sku, region_id, cost_date
),
fitting as (
  select
    idle.account_id, idle.resource_id, idle.sku, idle.region_id, idle.cost_date,
    on_demand.hours, on_demand.cost, on_demand.servers,
    least(idle.quantity, greatest(on_demand.hours - idle.hours_before, 0)) as fitting_hours
  from idle
  join on_demand using (account_id, sku, region_id, cost_date)
)
select
  account_id,
  'i3d-flexmetal' as provider,
  resource_id,
  resource_id as resource_name,
  min(cost_date)::timestamp at time zone 'UTC' as since,
  round(sum(cost * fitting_hours / hours) * 730 / 720, 9) as cost_per_month,
  format(
    'of up to %s servers of %s in %s on demand, %s hours would have fitted into idle committed ones, on %s of the last 30 days',
    max(servers), sku, region_id, trim_scale(sum(fitting_hours)), count(*)
  ) as evidence
from fitting
where fitting_hours > 0
group by account_id, resource_id, sku, region_id
