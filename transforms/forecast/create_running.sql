-- One row per resource and meter that runs at the clock, with its burn: what an hour costs at the
-- price of its newest charge, and from when on it is not charged yet.
--
-- It runs until it is seen to end. A resource whose charges stop while those of its provider in the
-- account go on runs no more; where all of them stop, nothing is collected, and all is taken to run on.
create temporary table running on commit drop as
with recent as (
  select life.*, resource.ended_at
  from resource_life as life
  left join mart.dim_resource as resource
    on resource.account_id = life.account_id and resource.resource_id = life.resource_id
    and resource.valid_to is null
  where life.last_date >= life.account_last_date - 1
),
newborn as (
  select account_id, resource_id
  from owned_history
  where cost_date >= least(:'today'::date, :'cut'::date) and cost_date < :'cut'::date
  except
  select account_id, resource_id from recent
),
candidate as (
  select account_id, resource_id, life_group, first_date, account_last_date, ended_at
  from recent
  union all
  select
    newborn.account_id, newborn.resource_id, resource.provider || '/' || resource.resource_type,
    (coalesce(resource.started_at, :'now'::timestamptz) at time zone 'UTC')::date,
    (:'now'::timestamptz at time zone 'UTC')::date - 1,
    resource.ended_at
  from newborn
  left join mart.dim_resource as resource
    on resource.account_id = newborn.account_id and resource.resource_id = newborn.resource_id
    and resource.valid_to is null
),
charge as (
  select
    candidate.*, charge.meter, charge.pricing_category, charge.commitment_status,
    charge.price_source, charge.quantity, charge.reporting_cost, charge.charge_date,
    charge.quantity * substring(charge.unit from '^(\d+) Hours$')::numeric as epoch_hours,
    charge.charge_period_start, charge.charge_period_end as paid_until,
    case charge.day_rule
      when 'seconds' then least(
        charge.charge_period_end, :'cut'::date::timestamp at time zone 'UTC'
      )
      else charge.charge_period_end
    end as known_until
  from candidate
  cross join lateral (
    select *
    from intermediate.known_charge as known
    where known.account_id = candidate.account_id and known.resource_id = candidate.resource_id
      and known.charge_date >= candidate.account_last_date - 2
      and known.charge_period_start < :'now'::timestamptz and known.charge_category = 'Usage'
      and known.reporting_cost is not null
    offset 0
  ) as charge
),
-- A resource may have several charges at a time: the meter's whole day is looked at. What is charged
-- by the epoch costs its price per whole epoch, however short the first one is cut.
day as (
  select
    account_id, resource_id, life_group, meter, first_date, ended_at, charge_date,
    sum(reporting_cost) / nullif(sum(quantity), 0) as price,
    sum(reporting_cost) / coalesce(
      nullif(sum(epoch_hours), 0),
      extract(epoch from max(paid_until) - min(charge_period_start)) / 3600
    ) as cost_per_hour,
    max(paid_until) - min(charge_period_start) >= interval '20 hours'
      or bool_or(epoch_hours is not null) as is_whole,
    max(paid_until) as paid_until,
    max(known_until) as known_until,
    bool_or(pricing_category = 'Committed') as is_committed,
    bool_or(commitment_status is not distinct from 'Unused') as is_unused,
    max(price_source collate "C") as price_source
  from charge
  group by account_id, resource_id, life_group, meter, first_date, ended_at, charge_date
),
-- The last day that is nearly whole tells the pace (hours that have only begun count in full on a day
-- that has just begun), the newest one the price.
paced as (
  select distinct on (account_id, resource_id, meter)
    day.*,
    newest.price as newest_price, newest.price_source as newest_price_source,
    newest.paid_until as newest_paid_until, newest.known_until as newest_known_until,
    max(newest.known_until) over (partition by day.account_id, day.resource_id)
      as resource_known_until
  from day
  join (
    select distinct on (account_id, resource_id, meter) *
    from day
    order by account_id, resource_id, meter, charge_date desc
  ) as newest using (account_id, resource_id, meter)
  order by account_id, resource_id, meter, day.is_whole desc, day.charge_date desc
)
select
  account_id, resource_id, meter, coalesce(life_group, '') as life_group,
  newest_price_source as price_source,
  greatest(:'today'::date - first_date, 0) as age_days,
  -- What is paid for whether used or not cannot be left early.
  coalesce(ended_at > :'now'::timestamptz, true) and not is_committed and not is_unused as may_end,
  cost_per_hour * coalesce(newest_price / nullif(price, 0), 1) as cost_per_hour,
  newest_known_until as known_until,
  case
    when ended_at <= :'now'::timestamptz then newest_paid_until
    when is_unused and ended_at is not null then ended_at
    else 'infinity'
  end as runs_until
from paced
where newest_known_until > resource_known_until - interval '1 hour'
