-- One row per server, UTC day of block start, price and kind of hour (on demand, covered by a
-- commitment, beyond it); and one per pool, UTC day and price of committed hours that nobody used.
-- A server's hours are blocks of 3600 s counted from its delivery and anew from each UTC month's
-- start; a block begun is an hour, at the price in force at its start. Outside of pools they are
-- counted by formula: the blocks begun before an instant are ceil(seconds since the first / 3600).
-- Of a price by the month, the hours from `before` to `upto` (counted in the month) cost what the
-- rounded share of the month has grown by: a whole month costs the price to the last unit.
with price as materialized (
  select * from intermediate.int_i3d__price where provider = 'i3d-flexmetal'
),
pool_term as materialized (
  select * from intermediate.int_flexmetal__pool_term
),
life as (
  select
    scope.from_date,
    life.*,
    least(life.ended_at, :'now'::timestamptz) as stop_at,
    exists (
      select from pool_term as term
      where term.account_id = life.account_id and term.contract_id = life.contract_id
        and term.region_id = life.region_id and term.sku = life.sku
    ) as is_pooled
  from scope
  join intermediate.int_flexmetal__life as life
    on life.account_id = scope.account_id and life.server_id = scope.resource_id
  where life.started_at < :'now'::timestamptz
),
day as (
  select
    life.*,
    charge_date,
    charge_date::timestamp at time zone 'UTC' as day_start,
    (charge_date + 1)::timestamp at time zone 'UTC' as day_end,
    greatest(started_at, date_trunc('month', charge_date::timestamp) at time zone 'UTC')
      as anchor_at
  from life
  cross join lateral (
    select greatest(from_date, (started_at at time zone 'UTC')::date) as first_date
  ) as edge
  cross join lateral (
    select first_date + days as charge_date
    from generate_series(0, (stop_at at time zone 'UTC')::date - first_date) as days
  ) as listed
  where not is_pooled
),
piece as (
  select
    day.*,
    price.rate_id,
    greatest(day.day_start, day.anchor_at, price.edge_at) as piece_start,
    least(day.day_end, day.stop_at, price.edge_until) as piece_end
  from day
  left join price
    on price.account_id = day.account_id
    and price.sku = day.sku and price.region_id = day.region_id and price.contract_id = ''
    and price.edge_at < day.day_end and price.edge_until > day.day_start
),
standalone_hours as (
  select
    account_id, server_id as resource_id, null::text as pool_id, 'server-hours' as meter,
    charge_date, rate_id, before, upto, 1 as units,
    upto - certain as quantity_uncertain,
    anchor_at + make_interval(hours => before) as first_start,
    anchor_at + make_interval(hours => upto) as last_end
  from piece
  cross join lateral (
    select
      ceil(extract(epoch from piece_start - anchor_at) / 3600)::integer as before,
      ceil(extract(epoch from piece_end - anchor_at) / 3600)::integer as upto,
      ceil(
        extract(epoch from
          least(greatest(piece_start, coalesce(end_not_before, 'infinity')), piece_end) - anchor_at
        ) / 3600
      )::integer as certain
  ) as blocks
  where piece_start < piece_end and before < upto
),
pool as (
  select account_id, pool_id, contract_id, region_id, sku, min(from_date) as from_date
  from (
    select term.*, life.from_date
    from life
    join pool_term as term
      using (account_id, contract_id, region_id, sku)
    union all
    select term.*, scope.from_date
    from scope
    join pool_term as term
      on term.account_id = scope.account_id and term.pool_id = scope.resource_id
  ) as touched
  group by account_id, pool_id, contract_id, region_id, sku
),
pool_server as (
  select distinct pool.account_id, pool.pool_id, listing.server_id
  from pool
  join intermediate.int_flexmetal__pool_listing as listing using (account_id, pool_id)
  where listing.told_until is null
    or listing.told_until >= pool.from_date::timestamp at time zone 'UTC'
),
-- Every block of a touched pool's servers that has begun since the pool's from_date.
block as (
  select
    pool.pool_id, pool.contract_id, life.account_id, life.server_id, life.end_not_before, number,
    anchor_at + make_interval(hours => number) as block_start
  from pool
  join pool_server using (account_id, pool_id)
  join lateral (
    select *
    from intermediate.int_flexmetal__life as life
    where life.account_id = pool_server.account_id and life.server_id = pool_server.server_id
    offset 0 -- looked up server by server
  ) as life using (contract_id, region_id, sku)
  cross join lateral (
    select
      greatest(life.started_at, pool.from_date::timestamp at time zone 'UTC') as begin_at,
      least(life.ended_at, :'now'::timestamptz) as stop_at
  ) as whole
  cross join lateral (
    select
      greatest(life.started_at, month_start at time zone 'UTC') as anchor_at,
      least(stop_at, (month_start + interval '1 month') at time zone 'UTC') as month_stop_at
    from generate_series(
      date_trunc('month', begin_at at time zone 'UTC'), stop_at at time zone 'UTC',
      interval '1 month'
    ) as month_start
  ) as month
  cross join lateral generate_series(
    ceil(extract(epoch from greatest(begin_at, anchor_at) - anchor_at) / 3600)::integer,
    ceil(extract(epoch from month_stop_at - anchor_at) / 3600)::integer - 1
  ) as number
  where life.started_at < :'now'::timestamptz
),
ranked as (
  select
    block.*,
    term.term_id,
    term.certain_until,
    term.term_id is not null and term.capacity >= row_number() over (
      partition by term.term_id, date_trunc('hour', block.block_start, 'UTC'), block.account_id
      order by block.block_start, block.server_id collate "C"
    ) as is_covered
  from block
  left join pool_term as term
    on term.account_id = block.account_id and term.pool_id = block.pool_id
    and term.starts_at <= block.block_start and block.block_start < term.ends_at
),
committed_hour as (
  select
    term.account_id, term.pool_id, term.contract_id, term.certain_until, hour_start,
    (term.capacity - count(ranked.server_id))::integer as unused
  from pool
  join pool_term as term using (account_id, pool_id)
  cross join lateral generate_series(
    date_trunc(
      'hour',
      greatest(term.starts_at, pool.from_date::timestamp at time zone 'UTC')
        + interval '1 hour' - interval '1 microsecond',
      'UTC'
    ),
    least(term.ends_at, :'now'::timestamptz) - interval '1 microsecond',
    interval '1 hour'
  ) as hour_start
  left join ranked
    on ranked.account_id = term.account_id and ranked.pool_id = term.pool_id
    and ranked.term_id = term.term_id
    and ranked.is_covered and date_trunc('hour', ranked.block_start, 'UTC') = hour_start
  group by
    term.account_id, term.pool_id, term.contract_id, term.term_id, term.capacity,
    term.certain_until, hour_start
),
-- One row per hour of a pool, used or not, and where a price for it is to be found.
pool_hour as (
  select
    account_id, server_id as resource_id, pool_id,
    case
      when is_covered then 'committed-server-hours'
      when term_id is not null then 'overflow-server-hours'
      else 'server-hours'
    end as meter,
    case when is_covered then contract_id else '' end as price_contract_id,
    block_start as begun_at, number, 1 as units,
    case when block_start >= least(end_not_before, certain_until) then 1 else 0 end
      as quantity_uncertain
  from ranked
  union all
  select
    account_id, pool_id, pool_id, 'unused-commitment-hours', contract_id, hour_start,
    (extract(epoch from hour_start - date_trunc('month', hour_start, 'UTC')) / 3600)::integer,
    unused, case when hour_start >= certain_until then unused else 0 end
  from committed_hour
  where unused > 0
),
pool_hours as (
  select
    hour.account_id, hour.resource_id, hour.pool_id, hour.meter, charge_date, price.rate_id,
    hour.number as before, hour.number + 1 as upto, hour.units, hour.quantity_uncertain,
    hour.begun_at as first_start,
    hour.begun_at + interval '1 hour' as last_end
  from pool_hour as hour
  join scope on scope.account_id = hour.account_id and scope.resource_id = hour.resource_id
  cross join lateral (select (hour.begun_at at time zone 'UTC')::date as charge_date) as day
  join pool on pool.account_id = hour.account_id and pool.pool_id = hour.pool_id
  left join price
    on price.account_id = hour.account_id
    and price.sku = pool.sku and price.region_id = pool.region_id
    and price.contract_id = hour.price_contract_id
    and price.edge_at <= hour.begun_at and hour.begun_at < price.edge_until
  where charge_date >= scope.from_date
),
counted as (
  select
    hours.account_id, hours.resource_id, hours.pool_id, hours.meter, hours.charge_date,
    hours.rate_id, month_hours,
    sum(units * (upto - before)) as quantity,
    sum(quantity_uncertain) as quantity_uncertain,
    sum(units * (round(month_price * upto / month_hours, 9)
      - round(month_price * before / month_hours, 9))) as month_cost,
    sum(units * (round(month_list_price * upto / month_hours, 9)
      - round(month_list_price * before / month_hours, 9))) as month_list_cost,
    min(first_start) as first_start,
    max(last_end) as last_end
  from (select * from standalone_hours union all select * from pool_hours) as hours
  cross join lateral (
    select 24 * extract(day from
      date_trunc('month', charge_date::timestamp) + interval '1 month' - interval '1 day'
    ) as month_hours
  ) as month
  left join intermediate.int_i3d__rate as rate on rate.rate_id = hours.rate_id
  group by
    hours.account_id, hours.resource_id, hours.pool_id, hours.meter, hours.charge_date,
    hours.rate_id, month_hours
),
subject as (
  select account_id, server_id as resource_id, sku, region_id, ended_at, start_version_id,
    end_version_id
  from life
  union all
  select account_id, pool_id, sku, region_id, max(ends_at),
    min(nullif(split_part(term_id, 'quota:', 2), '')::bigint), null
  from pool_term
  group by account_id, pool_id, sku, region_id
),
described as (
  select
    counted.*,
    subject.sku, subject.region_id, subject.ended_at,
    (charge_date + 1)::timestamp at time zone 'UTC' as day_end,
    array_remove(array[
      subject.start_version_id,
      case
        when subject.ended_at < (charge_date + 1)::timestamp at time zone 'UTC'
          then subject.end_version_id
      end
    ], null) as source_versions,
    case when meter = 'unused-commitment-hours' then 0 else quantity end as usage_hours,
    hardware.gpu_count,
    coalesce(hour_price, round(month_price / month_hours, 15)) as unit_price,
    coalesce(round(quantity * hour_list_price, 9), month_list_cost, 0) as list_cost,
    coalesce(round(quantity * hour_price, 9), month_cost, 0) as cost,
    rate.currency,
    rate.price_name
  from counted
  join subject using (account_id, resource_id)
  left join intermediate.int_i3d__rate as rate using (rate_id)
  left join intermediate.int_flexmetal__hardware as hardware
    on hardware.account_id = counted.account_id and hardware.sku = subject.sku
)
select
  account_id,
  'i3d-flexmetal' as provider,
  'flexmetal/' || resource_id || '/' || meter || '/' || to_char(charge_date, 'YYYY-MM-DD') || '/'
    || coalesce(price_name, 'missing') as charge_key,
  resource_id, meter, sku, region_id, charge_date,
  first_start as charge_period_start,
  last_end as charge_period_end,
  'start' as day_rule,
  'Usage' as charge_category,
  case
    when meter in ('committed-server-hours', 'unused-commitment-hours') then 'Committed'
    else 'Standard'
  end as pricing_category,
  case when meter in ('committed-server-hours', 'unused-commitment-hours') then pool_id end
    as commitment_id,
  case meter
    when 'committed-server-hours' then 'Used'
    when 'unused-commitment-hours' then 'Unused'
  end as commitment_status,
  quantity, 'Hours' as unit, usage_hours, usage_hours * gpu_count as gpu_hours, unit_price,
  coalesce('rate:' || rate_id, 'missing') as price_source,
  list_cost, cost as contracted_cost, cost as billed_cost, cost as effective_cost,
  coalesce(currency, 'EUR') as billing_currency,
  'derived' as basis,
  round(quantity_uncertain * coalesce(unit_price, 0), 9) as uncertainty,
  source_versions,
  day_end <= :'now'::timestamptz or coalesce(ended_at <= :'now'::timestamptz, false) as is_settled
from described
