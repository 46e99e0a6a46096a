-- One row per server that names a contract, UTC day of block start, price and kind of hour (covered
-- by the commitment, beyond it, on demand); and one per pool, UTC day and price of committed hours
-- that nobody used. In each clock hour a pool covers the first blocks that start in it up to its
-- capacity, at the contract's price; the others cost the on-demand price. An hour is uncertain by
-- the difference of the two prices while more than one capacity is possible, while the provider
-- counts more servers against the commitment than its capacity, and where nothing tells a capacity:
-- no quota sample, no contract row from its first start on; so is a covered hour, and one that nobody
-- used is uncertain by its price, where servers may have run that no answer shows. An hour that may not
-- have been (the server's end was not seen, or only one way of rounding has it) is uncertain by its
-- price.
with pool_term as materialized (
  select * from intermediate.int_flexmetal__pool_term
),
rounding as materialized (
  select * from intermediate.int_flexmetal__rounding
),
observation as materialized (
  select * from intermediate.int_flexmetal__observation
),
subject as materialized (
  select scope.from_date, life.*
  from scope
  join intermediate.int_flexmetal__life as life
    on life.account_id = scope.account_id and life.server_id = scope.resource_id
  where life.contract_id <> ''
),
-- Pools in scope, those of servers in scope, and contracts that no pool is known for.
pool as (
  select account_id, contract_id, region_id, sku, min(from_date) as from_date,
    contract_id || '/' || region_id || '/' || sku as pool_id
  from (
    select account_id, contract_id, region_id, sku, from_date from subject
    union all
    select term.account_id, term.contract_id, term.region_id, term.sku, scope.from_date
    from scope
    join pool_term as term
      on term.account_id = scope.account_id and term.pool_id = scope.resource_id
  ) as touched
  group by account_id, contract_id, region_id, sku
),
-- Of the pools' own servers only: each hour is compared with every price of this step.
price as materialized (
  select * from intermediate.int_i3d__price left join intermediate.int_i3d__rate using (rate_id)
  where provider = 'i3d-flexmetal'
    and (account_id, sku, region_id) in (select account_id, sku, region_id from pool)
),
pool_server as (
  select pool.account_id, pool.pool_id, listing.server_id
  from pool
  join intermediate.int_flexmetal__pool_listing as listing using (account_id, pool_id)
  where listing.told_until is null
    or listing.told_until >= pool.from_date::timestamp at time zone 'UTC'
  union
  select pool.account_id, pool.pool_id, subject.server_id
  from subject
  join pool using (account_id, contract_id, region_id, sku)
),
-- Every block of a touched pool's servers that has begun since the pool's from_date. Counted over the
-- whole life it begins `late_by` after a full hour; while no report shows this, other_start is then.
-- is_loose: no answer tells the delivery that it is counted from, so it may begin anywhere in its hour.
block as (
  select
    pool.pool_id, pool.contract_id, pool.region_id, pool.sku,
    life.account_id, life.server_id, life.end_not_before, block_number, block_start, other_start,
    coalesce(other_start < least(life.ended_at, :'now'::timestamptz), true) as is_by_both,
    life.start_not_before < life.started_at and (
      is_by_life is not false
      or date_trunc('month', block_start, 'UTC') = date_trunc('month', life.started_at, 'UTC')
    ) as is_loose,
    case when block_start = life.started_at
      then ceil(extract(epoch from block_start - life.start_not_before) / 3600) end as hours_unseen
  from pool
  join rounding using (account_id)
  join pool_server using (account_id, pool_id)
  join lateral (
    select *
    from intermediate.int_flexmetal__life as life
    where life.account_id = pool_server.account_id and life.server_id = pool_server.server_id
    offset 0 -- looked up server by server
  ) as life using (contract_id, region_id, sku)
  cross join lateral (
    select late_by, case when is_by_life then late_by else interval '0' end as shift
    from (select life.started_at - date_trunc('hour', life.started_at, 'UTC') as late_by) as late
  ) as counted
  cross join lateral ledger.hour_blocks(
    life.started_at - shift,
    least(life.ended_at, :'now'::timestamptz) - shift,
    pool.from_date::timestamp at time zone 'UTC' - shift
  ) as hour (block_number, block_hour)
  cross join lateral (
    select
      block_hour + shift as block_start,
      case when is_by_life is null then date_trunc('hour', block_hour, 'UTC') + late_by end
        as other_start
  ) as begun
  where life.started_at < :'now'::timestamptz
),
ranked as (
  select
    block.*,
    term.term_id, term.capacity, term.is_overused, term.version_id, term.other_version_id,
    term.capacity_least, term.capacity_most,
    block.block_start >= term.certain_until as is_past_certain,
    date_trunc('hour', block.block_start, 'UTC') as hour_start,
    row_number() over (
      in_hour order by block.block_start, block.server_id collate "C"
    ) as place,
    case when block.other_start is not null then count(*) filter (where block.is_by_both) over (
      in_hour order by block.other_start, block.server_id collate "C"
    ) end as other_place,
    count(*) filter (where not block.is_loose) over (
      in_hour order by block.block_start, block.server_id collate "C"
    ) as firm_place,
    count(*) filter (where block.is_loose) over in_hour as loose_blocks,
    count(*) over in_hour as blocks
  from block
  left join pool_term as term
    on term.account_id = block.account_id and term.pool_id = block.pool_id
    and term.starts_at <= block.block_start and block.block_start < term.ends_at
  window in_hour as (
    partition by
      block.account_id, block.pool_id, term.term_id, date_trunc('hour', block.block_start, 'UTC')
  )
),
server_hour as (
  select
    ranked.*,
    coalesce(place <= capacity, false) as is_covered,
    case
      when term_id is null then not exists (
        select from pool_term as ruled
        where ruled.account_id = ranked.account_id and ruled.pool_id = ranked.pool_id
          and ruled.ruled_from <= ranked.block_start
      )
      when is_past_certain and place > capacity_least and place <= capacity_most then true
      when (other_place <= capacity) <> (place <= capacity) then true
      when is_loose and capacity > 0 and blocks > capacity then true
      when not is_loose and firm_place <= capacity and firm_place + loose_blocks > capacity then true
      when place > capacity then is_overused
      else not is_observed
    end as is_price_doubtful
  from ranked
  left join observation using (account_id)
  cross join lateral (
    select coalesce(
      block_start >= listed_from
        or to_char(block_start at time zone 'UTC', 'YYYY-MM') = any(reported_months),
      false
    ) as is_observed
  ) as seen
),
-- The clock hours of the pools' terms, and how many blocks started in each. Counted over both lists
-- together: the planner would join the two by pool alone, each hour to all hours.
used_hour as (
  select
    account_id, pool_id, term_id, hour_start,
    sum(blocks)::integer as blocks,
    sum(blocks_by_both)::integer as blocks_by_both
  from (
    select account_id, pool_id, term_id, hour_start, 0 as blocks, 0 as blocks_by_both
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
    union all
    select account_id, pool_id, term_id, hour_start, 1, is_by_both::integer
    from ranked
  ) as listed
  group by account_id, pool_id, term_id, hour_start
  having min(blocks) = 0
),
committed_hour as (
  select
    term.account_id, term.pool_id, term.contract_id, term.region_id, term.sku,
    term.version_id, term.other_version_id, hour_start, unused,
    greatest(unused - unused_least, unused_most - unused) as unused_uncertain
  from used_hour
  join pool_term as term using (account_id, pool_id, term_id)
  left join observation using (account_id)
  cross join lateral (
    select
      case
        when hour_start >= listed_from
          or to_char(hour_start at time zone 'UTC', 'YYYY-MM') = any(reported_months)
          then case when hour_start >= certain_until then capacity_least else capacity end
        else 0
      end as possible_least,
      case when hour_start >= certain_until then capacity_most else capacity end as possible_most
  ) as possible
  cross join lateral (
    select
      greatest(capacity - blocks, 0) as unused,
      greatest(possible_least - blocks, 0) as unused_least,
      greatest(possible_most - blocks_by_both, 0) as unused_most
  ) as left_over
  where term.starts_at <= hour_start and hour_start < term.ends_at
),
gpu_state as materialized (
  select state.*
  from scope
  cross join lateral (
    select *
    from intermediate.int_i3d__gpu_state as state
    where state.account_id = scope.account_id and state.resource_id = scope.resource_id
    offset 0 -- looked up machine by machine
  ) as state
),
-- One row per hour of a server or of unused commitment, and under which contract its price is found.
hour as (
  select
    account_id, server_id as resource_id, pool_id, contract_id, region_id, sku,
    case
      when is_covered then 'committed-server-hours'
      when capacity > 0 then 'overflow-server-hours'
      else 'server-hours'
    end as meter,
    case when is_covered then contract_id else '' end as price_contract_id,
    case when not is_covered then contract_id else '' end as other_contract_id,
    block_start as begun_at, block_number as number, 1 as units,
    case when block_start >= end_not_before or not is_by_both then 1 else 0 end
      + coalesce(hours_unseen, 0) as units_uncertain,
    case when is_price_doubtful then 1 else 0 end as units_doubtful,
    version_id, other_version_id
  from server_hour
  union all
  select
    account_id, pool_id, pool_id, contract_id, region_id, sku,
    'unused-commitment-hours', contract_id, contract_id, hour_start,
    (extract(epoch from hour_start - date_trunc('month', hour_start, 'UTC')) / 3600)::integer,
    unused, unused_uncertain, 0, version_id, other_version_id
  from committed_hour
  where unused > 0 or unused_uncertain > 0
),
priced as (
  select
    hour.*,
    charge_date, month_hours, state.gpu_count,
    own.rate_id, own.price_name, own.currency, own.hour_price, own.hour_list_price,
    own.month_price, own.month_list_price,
    coalesce(own.hour_price, round(own.month_price / month_hours, 15)) as unit_price,
    coalesce(other.hour_price, round(other.month_price / month_hours, 15)) as other_price,
    coalesce(own.currency = other.currency, true) as is_one_currency
  from hour
  join scope using (account_id, resource_id)
  cross join lateral (select (hour.begun_at at time zone 'UTC')::date as charge_date) as day
  cross join lateral (
    select 24 * extract(day from
      date_trunc('month', charge_date::timestamp) + interval '1 month - 1 day') as month_hours
  ) as month
  left join price as own
    on own.account_id = hour.account_id and own.sku = hour.sku
    and own.region_id = hour.region_id and own.contract_id = hour.price_contract_id
    and own.edge_at <= hour.begun_at and hour.begun_at < own.edge_until
  left join price as other
    on hour.units_doubtful > 0
    and other.account_id = hour.account_id and other.sku = hour.sku
    and other.region_id = hour.region_id and other.contract_id = hour.other_contract_id
    and other.edge_at <= hour.begun_at and hour.begun_at < other.edge_until
  left join gpu_state as state
    on state.account_id = hour.account_id and state.resource_id = hour.resource_id
    and state.valid_from <= hour.begun_at and hour.begun_at < state.valid_to
  where charge_date >= scope.from_date
),
counted as (
  select
    account_id, resource_id, pool_id, meter, sku, region_id, charge_date, rate_id, price_name,
    currency, unit_price,
    sum(units) as quantity,
    -- Without a price on one side, or with two currencies, the whole price is in doubt.
    sum(round(greatest(
      units_uncertain * coalesce(unit_price, 0),
      units_doubtful * case
        when is_one_currency then abs(coalesce(unit_price, 0) - coalesce(other_price, 0))
        else unit_price
      end
    ), 9)) as uncertainty,
    sum(coalesce(
      units * hour_price,
      units * (round(month_price * (number + 1) / month_hours, 9)
        - round(month_price * number / month_hours, 9)),
      0
    )) as cost,
    sum(coalesce(
      units * hour_list_price,
      units * (round(month_list_price * (number + 1) / month_hours, 9)
        - round(month_list_price * number / month_hours, 9)),
      0
    )) as list_cost,
    sum(gpu_count) as gpu_hours,
    -- The quota answers that decided the day's capacity.
    array_agg(distinct version_id) || array_agg(distinct other_version_id) as quota_versions,
    min(begun_at) as first_start,
    max(begun_at) + interval '1 hour' as last_end
  from priced
  group by
    account_id, resource_id, pool_id, meter, sku, region_id, charge_date, rate_id, price_name,
    currency, unit_price
),
billed_resource as (
  select account_id, server_id as resource_id, ended_at, start_version_id, end_version_id
  from subject
  union all
  select account_id, pool_id, max(ends_at), null, null from pool_term group by account_id, pool_id
),
described as (
  select
    counted.*, resource.ended_at, day_end,
    array_remove(array[
      resource.start_version_id,
      case when resource.ended_at < day_end then resource.end_version_id end
    ] || quota_versions, null) as source_versions,
    case when meter = 'unused-commitment-hours' then 0 else quantity end as usage_hours,
    case meter when 'committed-server-hours' then 'Used' when 'unused-commitment-hours' then 'Unused'
      end as commitment_status
  from counted
  join billed_resource as resource using (account_id, resource_id)
  cross join lateral (select (charge_date + 1)::timestamp at time zone 'UTC' as day_end) as day
)
select
  account_id, 'i3d-flexmetal' as provider,
  'flexmetal/' || resource_id || '/' || meter || '/' || to_char(charge_date, 'YYYY-MM-DD') || '/'
    || coalesce(price_name, 'missing') as charge_key,
  resource_id, meter, sku, region_id, charge_date,
  first_start as charge_period_start, last_end as charge_period_end, 'start' as day_rule,
  'Usage' as charge_category,
  case when commitment_status is null then 'Standard' else 'Committed' end as pricing_category,
  case when commitment_status is not null then pool_id end as commitment_id,
  commitment_status,
  quantity, 'Hours' as unit, usage_hours, coalesce(gpu_hours, 0) as gpu_hours, unit_price,
  coalesce('rate:' || rate_id, 'missing') as price_source,
  round(list_cost, 9) as list_cost, round(cost, 9) as contracted_cost,
  round(cost, 9) as billed_cost, round(cost, 9) as effective_cost,
  coalesce(currency, 'EUR') as billing_currency,
  'derived' as basis, uncertainty, source_versions,
  day_end <= :'now'::timestamptz or coalesce(ended_at <= :'now'::timestamptz, false) as is_settled
from described
