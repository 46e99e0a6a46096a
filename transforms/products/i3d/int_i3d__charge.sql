-- One row per machine (server on demand, virtual machine, host), UTC day of block start and price.
-- Hours are blocks of 3600 s counted from the machine's start and anew from each UTC month's start,
-- or of a server, where its account's usage reports show it, from its start alone; while no report
-- shows it, the hour that a month has by one count only is uncertain. A block begun is an hour, at
-- the price in force at its start. Blocks begun before an instant are
-- ceil(seconds since the first / 3600). Once a VM's report row of a month is final (told after the
-- month, or the VM released), its vm_hours are the month's quantity: the VM's last day in the month
-- takes the difference. Each month a cloud is billed by one thing only: hosts have hours where that
-- is node hours, and VMs cost nothing where it is not VM hours. Of a price by the month, the hours
-- from `before` to `upto` cost what the rounded share of the month has grown by. GPU-hours follow
-- the number of GPUs in force at a block's start. Servers under a contract are with their pool.
with price as materialized (
  select * from intermediate.int_i3d__price
),
rounding as materialized (
  select * from intermediate.int_flexmetal__rounding
),
-- `late_by`: how long after a full hour the blocks begin that are counted over the whole life.
life as (
  select
    scope.from_date, machine.*, least(machine.ended_at, :'now'::timestamptz) as stop_at,
    machine.product = 'flexmetal' and rounding.is_by_life is null as is_rounding_open,
    coalesce(rounding.is_by_life and machine.product = 'flexmetal', false) as is_by_life,
    machine.started_at - date_trunc('hour', machine.started_at, 'UTC') as late_by
  from scope
  join intermediate.int_i3d__machine as machine using (account_id, resource_id)
  left join rounding using (account_id)
  where machine.started_at < :'now'::timestamptz
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
month as (
  select
    life.*,
    month_start::date as usage_month,
    greatest(
      started_at,
      month_start at time zone 'UTC' + case when is_by_life then late_by else interval '0' end
    ) as anchor_at,
    least(stop_at, month_end) as month_stop_at,
    month_end,
    24 * extract(day from month_start + interval '1 month' - interval '1 day') as month_hours
  from life
  cross join lateral generate_series(
    date_trunc('month', greatest(started_at at time zone 'UTC', from_date::timestamp)),
    stop_at at time zone 'UTC',
    interval '1 month'
  ) as month_start
  cross join lateral (
    select (month_start + interval '1 month') at time zone 'UTC' as month_end
  ) as edge
),
billed as (
  select
    month.*,
    case when month.meter = 'vm-hours' then nullif(paid.basis, 'vm_hour') end as other_basis,
    case when month.anchor_at = month.started_at then
      ceil(extract(epoch from
        month.started_at - greatest(month.start_not_before, paid.valid_from)) / 3600)
    end as hours_unseen
  from month
  left join intermediate.int_flexvm__billing_basis as paid
    on paid.account_id = month.account_id and paid.cloud_id = month.cloud_id
    and paid.valid_from < month.month_end and paid.valid_to >= month.month_end
  where month.month_stop_at > month.anchor_at
    and (month.meter <> 'node-hours' or paid.basis = 'node_hour')
),
reported as (
  select
    billed.*,
    ceil(extract(epoch from month_stop_at - anchor_at) / 3600)::integer as hours_derived,
    case when is_rounding_open and anchor_at > started_at
      then ceil(extract(epoch from month_stop_at - anchor_at) / 3600)
        - ceil(extract(epoch from month_stop_at - anchor_at - late_by) / 3600)
      else 0 end as hours_open,
    report.vm_hours as hours_reported,
    report.version_id as report_version_id
  from billed
  left join staging.stg_flexvm__report_vm as report
    on billed.meter = 'vm-hours'
    and report.account_id = billed.account_id and report.record_key = billed.resource_id
    and report.slice = to_char(billed.usage_month, 'YYYY-MM') and report.ended_at is null
    and (report.released_at is not null or report.seen_from >= billed.month_end)
),
day as (
  select
    reported.*,
    charge_date,
    charge_date::timestamp at time zone 'UTC' as day_start,
    (charge_date + 1)::timestamp at time zone 'UTC' as day_end
  from reported
  cross join lateral (
    select
      greatest(from_date, (anchor_at at time zone 'UTC')::date) as first_date,
      ((month_stop_at - interval '1 microsecond') at time zone 'UTC')::date as last_date
  ) as edge
  cross join lateral (
    select first_date + days as charge_date from generate_series(0, last_date - first_date) as days
  ) as listed
),
priced_piece as (
  select
    day.*,
    price.rate_id,
    greatest(day.day_start, day.anchor_at, price.edge_at) as priced_from,
    least(day.day_end, day.month_stop_at, price.edge_until) as priced_to
  from day
  left join price
    on price.account_id = day.account_id and price.provider = day.provider
    and price.sku = day.sku and price.region_id = day.region_id and price.contract_id = ''
    and price.edge_at < day.day_end and price.edge_until > day.day_start
    and day.other_basis is null
),
-- A part of a day in which neither the price nor the number of GPUs changes.
piece as (
  select
    priced.*,
    coalesce(gpu_state.gpu_count, 0) as gpu_count,
    greatest(priced_from, gpu_state.valid_from) as piece_start,
    least(priced_to, gpu_state.valid_to) as piece_end
  from priced_piece as priced
  left join gpu_state
    on gpu_state.account_id = priced.account_id and gpu_state.resource_id = priced.resource_id
    and gpu_state.valid_from < priced.priced_to and gpu_state.valid_to > priced.priced_from
),
counted as (
  select
    piece.*,
    before,
    upto,
    case when hours_reported is null then upto - certain else 0 end
      + case when before = 0 then coalesce(hours_unseen, 0) else 0 end
      + case when upto = hours_derived then hours_open else 0 end as quantity_uncertain,
    case when upto = hours_derived then coalesce(hours_reported - hours_derived, 0) else 0 end
      as quantity_corrected
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
summed as (
  select
    account_id, provider, product, resource_id, meter, sku, region_id, ended_at, charge_date,
    day_end, rate_id, other_basis, month_hours,
    sum(upto - before + quantity_corrected) as quantity,
    sum(gpu_count * (upto - before + quantity_corrected)) as gpu_hours,
    sum(quantity_uncertain) as quantity_uncertain,
    sum(quantity_corrected) <> 0 as is_metered,
    sum(round(month_price * (upto + quantity_corrected) / month_hours, 9)
      - round(month_price * before / month_hours, 9)) as month_cost,
    sum(round(month_list_price * (upto + quantity_corrected) / month_hours, 9)
      - round(month_list_price * before / month_hours, 9)) as month_list_cost,
    min(anchor_at + make_interval(hours => before)) as first_start,
    max(anchor_at + make_interval(hours => upto)) as last_end,
    array_remove(
      array[
        start_version_id,
        case when ended_at < day_end then end_version_id end,
        max(report_version_id) filter (where quantity_corrected <> 0)
      ],
      null
    ) as source_versions
  from counted
  left join intermediate.int_i3d__rate as rate using (rate_id)
  group by
    account_id, provider, product, resource_id, meter, sku, region_id, ended_at, charge_date,
    day_end, rate_id, other_basis, month_hours, start_version_id, end_version_id
),
costed as (
  select
    summed.*,
    case when other_basis is not null then 0
      else coalesce(hour_price, round(month_price / month_hours, 15)) end as unit_price,
    coalesce(round(quantity * hour_list_price, 9), month_list_cost, 0) as list_cost,
    coalesce(round(quantity * hour_price, 9), month_cost, 0) as cost,
    rate.currency,
    rate.price_name
  from summed
  left join intermediate.int_i3d__rate as rate using (rate_id)
  where summed.quantity <> 0
)
select
  account_id,
  provider,
  product || '/' || resource_id || '/' || meter || '/' || to_char(charge_date, 'YYYY-MM-DD') || '/'
    || coalesce(price_name, other_basis, 'missing') as charge_key,
  resource_id,
  meter,
  sku,
  region_id,
  charge_date,
  first_start as charge_period_start,
  last_end as charge_period_end,
  'start' as day_rule,
  'Usage' as charge_category,
  'Standard' as pricing_category,
  null::text as commitment_id,
  null::text as commitment_status,
  quantity,
  'Hours' as unit,
  quantity as usage_hours,
  gpu_hours,
  unit_price,
  coalesce('rate:' || rate_id, 'basis:' || other_basis, 'missing') as price_source,
  list_cost,
  cost as contracted_cost,
  cost as billed_cost,
  cost as effective_cost,
  coalesce(currency, 'EUR') as billing_currency,
  case when is_metered then 'metered' else 'derived' end as basis,
  round(quantity_uncertain * coalesce(unit_price, 0), 9) as uncertainty,
  source_versions,
  day_end <= :'now'::timestamptz or coalesce(ended_at <= :'now'::timestamptz, false) as is_settled
from costed
