-- Waste: a Fluence machine was deleted shortly after a further 24-hour epoch had been paid.
-- Kind: rounded up
-- Action: delete before the next billing instant of the machine: an epoch begun is paid in full.
-- Counted: machines that went in the last 30 whole UTC days, less than 6 hours into an epoch that
-- was not their first: the rest of the epoch, for 730 hours.
with ended as (
  select *
  from mart.dim_resource
  where valid_to is null and provider = 'fluence'
    and ended_at > date_trunc('day', :'now'::timestamptz, 'UTC') - interval '30 days'
    and ended_at <= date_trunc('day', :'now'::timestamptz, 'UTC')
),
last_epoch as (
  select
    ended.*, epoch.charge_period_start, epoch.charge_period_end, epoch.reporting_cost,
    extract(epoch from ended.ended_at - epoch.charge_period_start) / 3600 as used_hours
  from ended
  cross join lateral (
    select charge.*
    from intermediate.known_charge as charge
    where charge.account_id = ended.account_id and charge.resource_id = ended.resource_id
      and charge.charge_category = 'Usage' and charge.quantity > 0
    order by charge.charge_period_start desc, charge.charge_key collate "C" desc
    limit 1
  ) as epoch
  where epoch.charge_period_start >= ended.started_at + interval '23 hours'
)
select
  account_id,
  provider,
  resource_id,
  name as resource_name,
  charge_period_start as since,
  round(reporting_cost * (24 - used_hours) / 24 * 730 / 720, 9) as cost_per_month,
  format(
    'gone by %s, at most %s of 24 hours into the epoch that began at %s',
    to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), round(used_hours, 1),
    to_char(charge_period_start at time zone 'UTC', 'HH24:MI')
  ) as evidence
from last_epoch
where used_hours >= 0 and used_hours < 6
