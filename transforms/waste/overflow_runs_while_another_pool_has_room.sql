-- Waste: servers run beyond a commitment while one of the same type in another region has room.
-- Kind: idle commitment
-- Action: start them in the region with room: its committed hours are paid already.
-- Counted: overflow that would have fitted into the idle pool on the same UTC day, at its on-demand
-- price, over the last 30 whole days, for 730 hours, where commitment and server still run. Days are compared, not hours: an upper bound.
-- A row is about the idle pool: filling it and shrinking it cannot both be saved.
with fact as (
  select *
  from mart.fct_cost_daily
  where meter in ('overflow-server-hours', 'unused-commitment-hours')
    and cost_date >= (:'now'::timestamptz at time zone 'UTC')::date - 30
    and cost_date < (:'now'::timestamptz at time zone 'UTC')::date
),
described as (
  select
    fact.account_id, fact.resource_id, fact.meter, fact.cost_date, fact.quantity,
    fact.reporting_cost, resource.name, resource.sku, resource.region_id,
    resource.status
  from fact
  join mart.dim_resource as resource
    on resource.account_id = fact.account_id and resource.resource_id = fact.resource_id
    and resource.valid_to is null
),
running as (
  select distinct account_id, pool_id
  from intermediate.int_flexmetal__pool_term
  where starts_at <= :'now'::timestamptz and ends_at > :'now'::timestamptz
),
idle as (
  select
    described.*,
    coalesce(sum(quantity) over (
      partition by described.account_id, sku, cost_date
      order by quantity desc, resource_id collate "C"
      rows between unbounded preceding and 1 preceding
    ), 0) as hours_before
  from described
  join running
    on running.account_id = described.account_id and running.pool_id = described.resource_id
  where described.meter = 'unused-commitment-hours'
),
overflow as (
  select
    account_id, sku, region_id, cost_date,
    sum(quantity) as hours, sum(reporting_cost) as cost
  from described
  where meter = 'overflow-server-hours' and status not in ('ended', 'releasing')
  group by account_id, sku, region_id, cost_date
),
elsewhere as (
  select
    idle.account_id, idle.resource_id, idle.cost_date, idle.region_id, idle.sku, idle.quantity,
    idle.hours_before, sum(overflow.hours) as hours, sum(overflow.cost) as cost
  from idle
  join overflow using (account_id, sku, cost_date)
  where overflow.region_id <> idle.region_id
  group by
    idle.account_id, idle.resource_id, idle.cost_date, idle.region_id, idle.sku, idle.quantity,
    idle.hours_before
),
fitting as (
  select elsewhere.*, least(quantity, greatest(hours - hours_before, 0)) as fitting_hours
  from elsewhere
)
select
  account_id,
  'i3d-flexmetal' as provider,
  resource_id,
  resource_id as resource_name,
  min(cost_date)::timestamp at time zone 'UTC' as since,
  round(sum(cost * fitting_hours / hours) * 730 / 720, 9) as cost_per_month,
  format(
    '%s overflow hours of %s in other regions would have fitted into %s idle hours in %s, on %s of the last 30 days',
    trim_scale(sum(fitting_hours)), sku, trim_scale(sum(quantity)), region_id, count(*)
  ) as evidence
from fitting
where fitting_hours > 0
group by account_id, resource_id, region_id, sku
