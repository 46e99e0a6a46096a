-- Waste: a machine lived so shortly that a quarter of its hours or more are mere rounding up.
-- Kind: rounded up
-- Action: keep one machine for several jobs: each one pays for every hour it begins.
-- Counted: machines that began and ended in the last 30 whole UTC days: their cost for hours that
-- they did not live, for 730 hours.
with ended as (
  select
    resource.*,
    extract(epoch from resource.ended_at - resource.started_at) / 3600 as lived_hours
  from mart.dim_resource as resource
  where resource.valid_to is null
    and resource.provider in ('i3d-flexvm', 'i3d-flexmetal')
    and resource.started_at >= date_trunc('day', :'now'::timestamptz, 'UTC') - interval '30 days'
    and resource.ended_at <= date_trunc('day', :'now'::timestamptz, 'UTC')
),
billed as (
  select
    ended.account_id, ended.provider, ended.resource_id, ended.name, ended.sku, ended.started_at,
    ended.lived_hours,
    sum(fact.usage_hours) as hours,
    sum(fact.reporting_cost) as cost
  from ended
  join mart.fct_cost_daily as fact
    on fact.account_id = ended.account_id and fact.resource_id = ended.resource_id
  where fact.meter in ('vm-hours', 'server-hours', 'overflow-server-hours')
  group by
    ended.account_id, ended.provider, ended.resource_id, ended.name, ended.sku, ended.started_at,
    ended.lived_hours
)
select
  account_id,
  provider,
  resource_id,
  name as resource_name,
  started_at as since,
  round(cost * (hours - lived_hours) / hours * 730 / 720, 9) as cost_per_month,
  format(
    'a %s lived for %s hours and was billed for %s',
    sku, round(lived_hours, 2), trim_scale(hours)
  ) as evidence
from billed
where hours > 0 and hours - lived_hours >= 0.25 * hours
