-- Waste: machines of a SKU live so shortly, again and again, that a quarter of their hours or more are mere rounding up.
-- Kind: rounded up
-- Action: keep one machine for several jobs: each one pays for every hour it begins.
-- Counted: per account and SKU, machines that began and ended in the last 30 whole UTC days, while
-- the habit goes on (two of them or more, one in the last 7 days): their cost for hours that they
-- did not live, for 730 hours. Named by the latest of them: one machine that is gone cannot be
-- acted on, the next one can.
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
    ended.ended_at, ended.lived_hours,
    sum(fact.usage_hours) as hours,
    sum(fact.reporting_cost) as cost
  from ended
  join mart.fct_cost_daily as fact
    on fact.account_id = ended.account_id and fact.resource_id = ended.resource_id
  where fact.meter in ('vm-hours', 'server-hours', 'overflow-server-hours')
  group by
    ended.account_id, ended.provider, ended.resource_id, ended.name, ended.sku, ended.started_at,
    ended.ended_at, ended.lived_hours
),
rounded_up as (
  select *, cost * (hours - lived_hours) / hours as cost_not_lived
  from billed
  where hours > 0 and hours - lived_hours >= 0.25 * hours
),
habit as (
  select
    account_id, provider, sku,
    count(*) as machines,
    min(started_at) as since,
    max(ended_at) as last_ended_at,
    sum(lived_hours) as lived_hours,
    sum(hours) as hours,
    sum(cost_not_lived) as cost_not_lived,
    (array_agg(resource_id order by ended_at desc, resource_id collate "C" desc))[1] as resource_id,
    (array_agg(name order by ended_at desc, resource_id collate "C" desc))[1] as name
  from rounded_up
  group by account_id, provider, sku
)
select
  account_id,
  provider,
  resource_id,
  name as resource_name,
  since,
  round(cost_not_lived * 730 / 720, 9) as cost_per_month,
  format(
    '%s machines of %s in 30 days lived for %s hours together and were billed for %s',
    machines, sku, round(lived_hours, 2), trim_scale(hours)
  ) as evidence
from habit
where machines >= 2
  and last_ended_at > date_trunc('day', :'now'::timestamptz, 'UTC') - interval '7 days'
