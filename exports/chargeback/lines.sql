-- One row per owner, resource, meter, SKU, region, billing currency and (for corrections) corrected
-- month of one month's statement, numbered by team: what the team is charged and why. Sorted once,
-- by bytes: grouping and numbering share the order, and no server's language changes it.
with month_cost as (
  select
    team collate "C" as team, cost_centre collate "C" as cost_centre,
    provider collate "C" as provider, account_id collate "C" as account_id,
    resource_id collate "C" as resource_id, meter collate "C" as meter,
    billing_currency collate "C" as billing_currency,
    nullif(cost_month, statement_month) as corrects_month, sku collate "C" as sku,
    region_name collate "C" as region_name, service_name collate "C" as service_name,
    project collate "C" as project, environment collate "C" as environment, dimensions,
    allocation_rule collate "C" as allocation_rule, is_share,
    cost_date, resource_name, quantity, usage_hours, gpu_hours, billed_cost, effective_cost,
    reporting_cost, accrued_cost, uncertainty
  from known_owned_cost as cost
  where statement_month = :'from'
),
summed as (
  select
    team, cost_centre, provider, account_id, resource_id, meter, billing_currency, corrects_month,
    sku, region_name, service_name, project, environment, dimensions, allocation_rule, is_share,
    (array_agg(resource_name order by cost_date desc))[1] as resource_name,
    min(cost_date) as first_date,
    max(cost_date) as last_date,
    sum(quantity) as quantity,
    sum(usage_hours) as usage_hours,
    sum(gpu_hours) as gpu_hours,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost,
    sum(reporting_cost) as reporting_cost,
    sum(accrued_cost) as accrued_cost,
    sum(uncertainty) as uncertainty
  from month_cost
  group by
    team, cost_centre, provider, account_id, resource_id, meter, billing_currency, corrects_month,
    sku, region_name, service_name, project, environment, dimensions, allocation_rule, is_share
  order by
    team, cost_centre nulls first, provider, account_id, resource_id, meter, billing_currency,
    corrects_month nulls first, sku, region_name, service_name, project, environment, dimensions,
    allocation_rule, is_share
),
metered as (
  select account_id, provider, meter, min(resource_id) as resource_id
  from summed
  group by account_id, provider, meter
),
-- A meter has one unit and one commitment status; the marts do not say them, any charge does. All
-- meters are one row, so that looking them up keeps the order.
meter_fact as (
  select jsonb_object_agg(
    concat_ws(E'\t', metered.account_id, metered.provider, metered.meter), to_jsonb(charge)
  ) as by_meter
  from metered
  cross join lateral (
    select unit, commitment_status from mart.rpt_charge_meter as fact
    where fact.account_id = metered.account_id and fact.resource_id = metered.resource_id
      and fact.meter = metered.meter
    order by unit collate "C", commitment_status collate "C"
    limit 1
  ) as charge
)
select
  row_number() over (
    order by
      team, cost_centre nulls first, provider, account_id, resource_id, meter, billing_currency,
      corrects_month nulls first, sku, region_name, service_name, project, environment, dimensions,
      allocation_rule, is_share
  )::integer as line,
  :'month'::text as month,
  to_char(corrects_month, 'YYYY-MM') as corrects_month,
  team,
  cost_centre,
  project,
  environment,
  nullif(dimensions, '{}')::text as dimensions,
  allocation_rule,
  is_share,
  provider,
  account_id,
  service_name as service,
  resource_id,
  resource_name,
  sku,
  region_name as region,
  meter,
  fact ->> 'commitment_status' as commitment_status,
  first_date,
  last_date,
  quantity,
  fact ->> 'unit' as unit,
  usage_hours,
  gpu_hours,
  round(billed_cost / nullif(quantity, 0), 15) as unit_price,
  billing_currency,
  billed_cost,
  effective_cost,
  :'reporting_currency'::text as reporting_currency,
  reporting_cost,
  accrued_cost as not_posted_yet,
  uncertainty
from summed
cross join meter_fact
cross join lateral (select by_meter -> concat_ws(E'\t', account_id, provider, meter) as fact) as told
