-- One row per account, stream that charges rest on and part of a UTC month that no sync observed,
-- because collecting began when the fleet existed already. What ran on is charged from its own start;
-- what had ended by then was never seen. `may_hide_cost` (reporting currency): the hours of the part at
-- the most expensive day known up to the day after the first sync.
--
-- A stream cut by month observed the months that were read whole, also when they were read later
-- (`collect --since`): `can_be_collected` says that the month was never read. Its cost begins with the
-- first month that was read; where it does on the first day, the start of the oldest resource known
-- says how long before the fleet existed, up to a year. Any other stream observed
-- what its first sync still reports of the time before. A fleet whose first cost is later than the first
-- sync began under observation: nothing is in doubt.
with first_sync as (
  select
    expectation.account_id,
    expectation.stream,
    expectation.retells,
    coalesce(sync.first_at, expectation.expected_from) as first_at,
    sync.first_at is not null as is_read,
    exists (
      select from landing.watermark
      where watermark.account_id = expectation.account_id
        and watermark.stream = expectation.stream and watermark.slice ~ '^\d{4}-\d{2}$'
    ) as is_by_month
  from landing.expectation
  cross join lateral (
    select min(sweep.started_at) as first_at
    from landing.sweep
    where sweep.account_id = expectation.account_id and sweep.stream = expectation.stream
      and sweep.outcome = 'complete'
  ) as sync
  where expectation.is_metering
),
observed as (
  select
    first_sync.*,
    case
      when is_by_month or not is_read then first_at
      else first_at - retells -- null: it reports all that ever was
    end as observed_from
  from first_sync
),
fleet as (
  select
    observed.*,
    cost.provider,
    least(cost.first_date::timestamp at time zone 'UTC', resource.first_started_at) as first_cost_at,
    cost.highest_per_day
  from observed
  cross join lateral (
    select
      min(day.provider collate "C") as provider, min(day.cost_date) as first_date,
      max(day.cost) as highest_per_day
    from (
      select
        daily.cost_date, min(dimension.provider collate "C") as provider, sum(daily.reporting_cost) as cost,
        bool_or(daily.billed_cost <> 0 or daily.usage_hours <> 0) as is_in_use
      from mart.cost_dimension as dimension
      join mart.cost_dimension_daily as daily using (dimension_id)
      where dimension.account_id = observed.account_id
        and dimension.provider in (
          select product.provider from mart.dim_product as product
          where product.stream_prefix = split_part(observed.stream, '.', 1)
        )
        and daily.cost_date <= (observed.first_at at time zone 'UTC')::date + 1
      group by daily.cost_date
    ) as day
    where day.is_in_use
  ) as cost
  cross join lateral (
    select min(greatest(
      oldest.started_at, (cost.first_date::timestamp - interval '1 year') at time zone 'UTC'
    )) as first_started_at
    from mart.dim_resource as oldest
    where observed.is_by_month and cost.first_date = date_trunc('month', cost.first_date::timestamp)
      and oldest.account_id = observed.account_id and oldest.provider = cost.provider
      and oldest.started_at is not null
  ) as resource
  where observed.observed_from is not null
    and cost.first_date <= (observed.first_at at time zone 'UTC')::date
),
part as (
  select
    fleet.*,
    month_start as starts_at,
    least((utc_month + interval '1 month') at time zone 'UTC', observed_from) as ends_at
  from fleet
  cross join lateral generate_series(
    date_trunc('month', least(first_cost_at, observed_from - interval '1 microsecond'), 'UTC')
      at time zone 'UTC',
    observed_from at time zone 'UTC',
    interval '1 month'
  ) as utc_month
  cross join lateral (select utc_month at time zone 'UTC' as month_start) as month
  where not is_by_month or not exists (
    select from landing.watermark
    where watermark.account_id = fleet.account_id and watermark.stream = fleet.stream
      and watermark.slice = to_char(utc_month, 'YYYY-MM')
  )
)
select
  account_id,
  stream,
  provider,
  starts_at,
  ends_at,
  is_by_month as can_be_collected,
  round(highest_per_day / 24 * extract(epoch from ends_at - starts_at) / 3600, 2) as may_hide_cost
from part
where starts_at < ends_at
