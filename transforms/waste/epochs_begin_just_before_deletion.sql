-- Waste: Fluence machines of a SKU are deleted, again and again, shortly after a further 24-hour epoch was paid.
-- Kind: rounded up
-- Action: delete before the next billing instant of the machine: an epoch begun is paid in full.
-- Counted: per account and SKU, machines that went in the last 30 whole UTC days, less than 6 hours
-- into an epoch that was not their first, while the habit goes on (two of them or more, one in the
-- last 7 days): the rest of these epochs, for 730 hours. Named by the latest of them.
with ended as (
  select *
  from mart.dim_resource
  where valid_to is null and provider = 'fluence'
    and ended_at > date_trunc('day', :'now'::timestamptz, 'UTC') - interval '30 days'
    and ended_at <= date_trunc('day', :'now'::timestamptz, 'UTC')
),
last_epoch as (
  select
    ended.*, epoch.charge_period_start, epoch.reporting_cost,
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
),
habit as (
  select
    account_id, provider, sku,
    count(*) as machines,
    min(charge_period_start) as since,
    max(ended_at) as last_ended_at,
    sum(used_hours) as used_hours,
    sum(reporting_cost * (24 - used_hours) / 24) as cost_not_used,
    (array_agg(resource_id order by ended_at desc, resource_id collate "C" desc))[1] as resource_id,
    (array_agg(name order by ended_at desc, resource_id collate "C" desc))[1] as name
  from last_epoch
  where used_hours >= 0 and used_hours < 6
  group by account_id, provider, sku
)
select
  account_id,
  provider,
  resource_id,
  name as resource_name,
  since,
  round(cost_not_used * 730 / 720, 9) as cost_per_month,
  format(
    '%s machines of %s in 30 days went at most %s hours into a last epoch of 24 (together)',
    machines, coalesce(sku, '(none)'), round(used_hours, 1)
  ) as evidence
from habit
where machines >= 2
  and last_ended_at > date_trunc('day', :'now'::timestamptz, 'UTC') - interval '7 days'
