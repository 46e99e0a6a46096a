-- One row per owner, resource, meter, SKU, region, billing currency and (for corrections) corrected
-- month of one month's statement, numbered by team: what the team is charged and why.
with month_cost as (
  select cost.*, nullif(cost_month, statement_month) as corrects_month
  from known_owned_cost as cost
  where statement_month = :'from'
),
summed as (
  select
    team, cost_centre, project, environment, dimensions, allocation_rule, is_share,
    provider, account_id, service_name, resource_id, sku, region_name, meter, billing_currency,
    corrects_month,
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
    team, cost_centre, project, environment, dimensions, allocation_rule, is_share,
    provider, account_id, service_name, resource_id, sku, region_name, meter, billing_currency,
    corrects_month
),
metered as (
  select account_id, provider, meter, min(resource_id) as resource_id
  from summed
  group by account_id, provider, meter
),
-- A meter has one unit and one commitment status; the marts do not say them, any charge does.
meter_fact as (
  select metered.account_id, metered.provider, metered.meter, charge.unit, charge.commitment_status
  from metered
  cross join lateral (
    select unit, commitment_status from ledger.charge
    where charge.account_id = metered.account_id and charge.resource_id = metered.resource_id
      and charge.meter = metered.meter
    union all
    select unit, commitment_status from mart.accrual
    where accrual.account_id = metered.account_id and accrual.resource_id = metered.resource_id
      and accrual.meter = metered.meter
    union all
    select unit, commitment_status from history.accrual
    where accrual.account_id = metered.account_id and accrual.resource_id = metered.resource_id
      and accrual.meter = metered.meter
    limit 1
  ) as charge
)
select
  row_number() over (
    order by
      team collate "C", cost_centre collate "C" nulls first, provider collate "C",
      account_id collate "C", resource_id collate "C", meter collate "C",
      billing_currency collate "C", corrects_month nulls first, sku collate "C",
      region_name collate "C", service_name collate "C", project collate "C",
      environment collate "C", dimensions, allocation_rule collate "C", is_share
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
  commitment_status,
  first_date,
  last_date,
  quantity,
  unit,
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
left join meter_fact using (account_id, provider, meter)
