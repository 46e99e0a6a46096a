-- One row per UTC day, account, SKU and region with committed capacity: its hours until the clock,
-- how many of them were used, and what ran over it. Commitments for the same SKU and region are one
-- row, as overflow cannot be laid at the door of one of them. A clock hour that begins on a day is
-- that day's. Costs are in the reporting currency; `unused_cost` is what was paid for nothing.
with capacity as (
  select
    day::date as cost_date,
    commitment.account_id,
    commitment.provider,
    commitment.sku,
    commitment.region_id,
    string_agg(
      distinct commitment.contract_id collate "C", ', ' order by commitment.contract_id collate "C"
    ) as contracts,
    sum(
      commitment.capacity * ceil(extract(epoch from
        least(commitment.ends_at, (day + interval '1 day') at time zone 'UTC', clock.clock_at)
          - greatest(commitment.starts_at, day at time zone 'UTC')
      ) / 3600)
    ) as committed_hours
  from intermediate.commitment as commitment
  cross join mart.transform_state as clock
  cross join lateral generate_series(
    (commitment.starts_at at time zone 'UTC')::date::timestamp,
    (least(commitment.ends_at, clock.clock_at) - interval '1 microsecond') at time zone 'UTC',
    interval '1 day'
  ) as day
  group by
    day, commitment.account_id, commitment.provider, commitment.sku, commitment.region_id
),
metered as (
  select
    daily.cost_date, dimension.account_id, dimension.provider, dimension.sku, dimension.region_id,
    sum(daily.usage_hours) filter (where dimension.meter = 'committed-server-hours') as used_hours,
    sum(daily.usage_hours) filter (where dimension.meter = 'overflow-server-hours') as overflow_hours,
    sum(daily.reporting_cost) filter (where dimension.meter = 'committed-server-hours') as used_cost,
    sum(daily.reporting_cost) filter (where dimension.meter = 'unused-commitment-hours')
      as unused_cost,
    sum(daily.reporting_cost) filter (where dimension.meter = 'overflow-server-hours') as overflow_cost
  from mart.cost_dimension as dimension
  join mart.cost_dimension_daily as daily using (dimension_id)
  where dimension.meter in (
    'committed-server-hours', 'overflow-server-hours', 'unused-commitment-hours'
  )
  group by daily.cost_date, dimension.account_id, dimension.provider, dimension.sku, dimension.region_id
)
select
  capacity.cost_date,
  capacity.account_id,
  capacity.provider,
  capacity.sku,
  capacity.region_id as region,
  capacity.contracts,

  capacity.committed_hours,
  coalesce(metered.used_hours, 0) as used_hours,
  capacity.committed_hours - coalesce(metered.used_hours, 0) as unused_hours,
  coalesce(metered.overflow_hours, 0) as overflow_hours,
  coalesce(metered.used_cost, 0) as used_cost,
  coalesce(metered.unused_cost, 0) as unused_cost,
  coalesce(metered.overflow_cost, 0) as overflow_cost
from capacity
left join metered
  on metered.cost_date = capacity.cost_date and metered.account_id = capacity.account_id
  and metered.provider = capacity.provider and metered.sku = capacity.sku
  and metered.region_id is not distinct from capacity.region_id
where capacity.committed_hours > 0
