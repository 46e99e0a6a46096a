-- Waste: a development machine ran through the last four weekends.
-- Kind: out of use
-- Action: stop it disassociated on Fridays: only its disk is billed until Monday.
-- Counted: its compute on the Saturdays and Sundays (UTC) of the last 28 whole days, for 730 hours.
-- Voltage Park alone: at the other providers a machine must be deleted to cost nothing.
with weekend as (
  select
    account_id, resource_id,
    min(cost_date) as first_date,
    count(distinct cost_date) as days,
    sum(usage_hours) as hours,
    sum(reporting_cost) as cost
  from mart.fct_cost_daily
  where provider = 'voltage-park' and meter = 'vm-hours'
    and cost_date >= (:'now'::timestamptz at time zone 'UTC')::date - 28
    and cost_date < (:'now'::timestamptz at time zone 'UTC')::date
    and extract(isodow from cost_date) in (6, 7)
  group by account_id, resource_id
)
select
  resource.account_id,
  resource.provider,
  resource.resource_id,
  resource.name as resource_name,
  weekend.first_date::timestamp at time zone 'UTC' as since,
  round(weekend.cost * 730 / (28 * 24), 9) as cost_per_month,
  format(
    'environment %s: %s hours on the last 8 days of weekends', owned.environment,
    trim_scale(round(weekend.hours, 1))
  ) as evidence
from weekend
join mart.dim_resource as resource
  on resource.account_id = weekend.account_id and resource.resource_id = weekend.resource_id
  and resource.valid_to is null and resource.status = 'running'
join mart.resource_ownership as owned
  on owned.account_id = weekend.account_id and owned.resource_id = weekend.resource_id
  and owned.to_date = 'infinity'
where weekend.days = 8
  and owned.environment in ('dev', 'development', 'test', 'testing', 'staging', 'sandbox')
