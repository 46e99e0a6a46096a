-- One row per virtual machine, UTC day of block start and price. A VM's hours are blocks of 3600 s
-- counted from its creation and anew from each UTC month's start, stopped or not; a block begun is
-- an hour, at the price in force at its start. Blocks begun before an instant are ceil(seconds
-- since the first / 3600). Once a month's report row is final (told after the month, or the VM
-- released), its vm_hours are the month's quantity: the VM's last day in the month takes the
-- difference.
with price as materialized (
  select * from intermediate.int_i3d__price where provider = 'i3d-flexvm'
),
life as (
  select scope.from_date, life.*, least(life.ended_at, :'now'::timestamptz) as stop_at
  from scope
  join intermediate.int_flexvm__life as life
    on life.account_id = scope.account_id and life.vm_id = scope.resource_id
  where life.started_at < :'now'::timestamptz
),
month as (
  select
    life.*,
    month_start::date as usage_month,
    greatest(started_at, month_start at time zone 'UTC') as anchor_at,
    least(stop_at, (month_start + interval '1 month') at time zone 'UTC') as month_stop_at,
    (month_start + interval '1 month') at time zone 'UTC' as month_end
  from life
  cross join lateral generate_series(
    date_trunc(
      'month', greatest(started_at at time zone 'UTC', from_date::timestamp)
    ),
    stop_at at time zone 'UTC',
    interval '1 month'
  ) as month_start
),
reported as (
  select
    month.*,
    ceil(extract(epoch from month_stop_at - anchor_at) / 3600)::integer as hours_derived,
    report.vm_hours as hours_reported,
    report.version_id as report_version_id
  from month
  left join staging.stg_flexvm__report_vm as report
    on report.account_id = month.account_id and report.record_key = month.vm_id
    and report.slice = to_char(month.usage_month, 'YYYY-MM') and report.ended_at is null
    and (report.released_at is not null or report.seen_from >= month.month_end)
  where month_stop_at > anchor_at
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
piece as (
  select
    day.*,
    price.rate_id,
    greatest(day.day_start, day.anchor_at, price.edge_at) as piece_start,
    least(day.day_end, day.month_stop_at, price.edge_until) as piece_end
  from day
  left join price
    on price.account_id = day.account_id
    and price.sku = day.sku and price.region_id = day.region_id and price.contract_id = ''
    and price.edge_at < day.day_end and price.edge_until > day.day_start
),
counted as (
  select
    piece.*,
    before,
    upto,
    case when hours_reported is null then upto - certain else 0 end as quantity_uncertain,
    case when upto = hours_derived then hours_reported - hours_derived end as quantity_corrected
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
    account_id, vm_id, sku, region_id, gpu_count, ended_at, charge_date, day_end, rate_id,
    sum(upto - before) + coalesce(sum(quantity_corrected), 0) as quantity,
    sum(quantity_uncertain) as quantity_uncertain,
    coalesce(sum(quantity_corrected), 0) <> 0 as is_metered,
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
  group by
    account_id, vm_id, sku, region_id, gpu_count, ended_at, charge_date, day_end, rate_id,
    start_version_id, end_version_id
),
priced as (
  select
    summed.*,
    rate.unit_price::numeric as unit_price,
    coalesce(rate.list_unit_price, rate.unit_price)::numeric as list_unit_price,
    rate.currency,
    to_char(rate.valid_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      || case when rate.account_id is not null then '/own' else '' end as price_name
  from summed
  left join reference.rate using (rate_id)
  where summed.quantity <> 0
)
select
  account_id,
  'i3d-flexvm' as provider,
  'flexvm/' || vm_id || '/vm-hours/' || to_char(charge_date, 'YYYY-MM-DD') || '/'
    || coalesce(price_name, 'missing') as charge_key,
  vm_id as resource_id,
  'vm-hours' as meter,
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
  quantity * gpu_count as gpu_hours,
  unit_price,
  coalesce('rate:' || rate_id, 'missing') as price_source,
  round(quantity * coalesce(list_unit_price, 0), 9) as list_cost,
  round(quantity * coalesce(unit_price, 0), 9) as contracted_cost,
  round(quantity * coalesce(unit_price, 0), 9) as billed_cost,
  round(quantity * coalesce(unit_price, 0), 9) as effective_cost,
  coalesce(currency, 'EUR') as billing_currency,
  case when is_metered then 'metered' else 'derived' end as basis,
  round(quantity_uncertain * coalesce(unit_price, 0), 9) as uncertainty,
  source_versions,
  day_end <= :'now'::timestamptz or coalesce(ended_at <= :'now'::timestamptz, false) as is_settled
from priced
