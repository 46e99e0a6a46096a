-- One row per cloud billed by fixed months and UTC day. A month in which the cloud is there costs
-- its whole price, shared by the days from the cloud's first day in it to the month's end, also
-- when the cloud goes before: a day costs what the rounded share of its month has grown by. The
-- price is that in force when the month (or the cloud) begins, by the month, of its node type.
with life as (
  select scope.from_date, life.*
  from scope
  join intermediate.int_flexvm_cloud__life as life
    on life.account_id = scope.account_id and life.cloud_id = scope.resource_id
  where life.started_at <= :'now'::timestamptz
),
month as (
  select
    life.*,
    greatest(started_at, month_start at time zone 'UTC') as month_from,
    (greatest(started_at at time zone 'UTC', month_start))::date as first_date,
    (month_start + interval '1 month')::date as end_date
  from life
  cross join lateral generate_series(
    date_trunc('month', greatest(started_at at time zone 'UTC', from_date::timestamp)),
    least(ended_at - interval '1 microsecond', :'now'::timestamptz) at time zone 'UTC',
    interval '1 month'
  ) as month_start
  join intermediate.int_flexvm__billing_basis as paid
    on paid.account_id = life.account_id and paid.cloud_id = life.cloud_id
    and paid.basis = 'fixed_month'
    and paid.valid_from <= month_start at time zone 'UTC'
    and paid.valid_to > month_start at time zone 'UTC'
),
priced as (
  select
    month.*, price.rate_id, rate.month_price, rate.month_list_price, rate.currency, rate.price_name
  from month
  left join intermediate.int_i3d__price as price
    on price.provider = 'i3d-flexvm' and price.account_id = month.account_id
    and price.sku = month.sku and price.region_id = month.region_id and price.contract_id = ''
    and price.edge_at <= month.month_from and month.month_from < price.edge_until
  left join intermediate.int_i3d__rate as rate
    on rate.rate_id = price.rate_id and rate.month_price is not null
),
day as (
  select
    priced.*,
    first_date + past as charge_date,
    (first_date + past)::timestamp at time zone 'UTC' as day_start,
    (first_date + past + 1)::timestamp at time zone 'UTC' as day_end,
    past::numeric as past,
    (end_date - first_date)::numeric as days
  from priced
  cross join lateral generate_series(
    greatest(0, greatest(from_date, first_date) - first_date), end_date - first_date - 1
  ) as past
  where (first_date + past)::timestamp at time zone 'UTC' <= :'now'::timestamptz
),
shared as (
  select
    day.*,
    round((past + 1) / days, 9) - round(past / days, 9) as quantity,
    coalesce(round(month_price * (past + 1) / days, 9) - round(month_price * past / days, 9), 0)
      as cost,
    coalesce(
      round(month_list_price * (past + 1) / days, 9) - round(month_list_price * past / days, 9), 0
    ) as list_cost
  from day
)
select
  account_id,
  'i3d-flexvm' as provider,
  'flexvm/' || cloud_id || '/cloud-months/' || to_char(charge_date, 'YYYY-MM-DD') || '/'
    || coalesce(price_name, 'missing') as charge_key,
  cloud_id as resource_id,
  'cloud-months' as meter,
  sku,
  region_id,
  charge_date,
  greatest(month_from, day_start) as charge_period_start,
  day_end as charge_period_end,
  'start' as day_rule,
  'Usage' as charge_category,
  'Standard' as pricing_category,
  null::text as commitment_id,
  null::text as commitment_status,
  quantity,
  'Months' as unit,
  0::numeric as usage_hours,
  0::numeric as gpu_hours,
  month_price as unit_price,
  case when month_price is not null then 'rate:' || rate_id else 'missing' end as price_source,
  list_cost,
  cost as contracted_cost,
  cost as billed_cost,
  cost as effective_cost,
  coalesce(currency, 'EUR') as billing_currency,
  'derived' as basis,
  case when month_from > end_not_before then cost else 0 end as uncertainty,
  array[version_id] as source_versions,
  day_end <= :'now'::timestamptz as is_settled
from shared
