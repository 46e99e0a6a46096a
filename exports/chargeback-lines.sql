-- One row per team, resource, meter, billing currency and (for corrections) corrected month of one
-- month's statement: what the team is charged and why. Texts that a spreadsheet would run as a formula are led by an apostrophe.
with month_cost as (
  select cost.*, nullif(cost_month, statement_month) as corrects_month
  from known_owned_cost as cost
  where statement_month = :'from'
),
line as (
  select
    team, provider, account_id, resource_id, meter, billing_currency, corrects_month,
    (array_agg(service_name order by cost_date desc))[1] as service_name,
    (array_agg(resource_name order by cost_date desc))[1] as resource_name,
    (array_agg(region_name order by cost_date desc))[1] as region_name,
    (array_agg(sku order by cost_date desc))[1] as sku,
    (array_agg(project order by cost_date desc))[1] as project,
    (array_agg(environment order by cost_date desc))[1] as environment,
    min(cost_date) as first_date,
    max(cost_date) as last_date,
    sum(usage_hours) as usage_hours,
    sum(gpu_hours) as gpu_hours,
    sum(quantity) as quantity,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost,
    sum(reporting_cost) as reporting_cost,
    sum(accrued_cost) as accrued_cost,
    sum(uncertainty) as uncertainty
  from month_cost
  group by team, provider, account_id, resource_id, meter, billing_currency, corrects_month
)
select
  :'month'::text as month,
  to_char(corrects_month, 'YYYY-MM') as corrects_month,
  regexp_replace(team, '^([=+\-@\t\r])', '''\1') as team,
  provider,
  account_id,
  regexp_replace(service_name, '^([=+\-@\t\r])', '''\1') as service,
  regexp_replace(resource_id, '^([=+\-@\t\r])', '''\1') as resource_id,
  regexp_replace(resource_name, '^([=+\-@\t\r])', '''\1') as resource_name,
  regexp_replace(project, '^([=+\-@\t\r])', '''\1') as project,
  regexp_replace(environment, '^([=+\-@\t\r])', '''\1') as environment,
  regexp_replace(region_name, '^([=+\-@\t\r])', '''\1') as region,
  regexp_replace(sku, '^([=+\-@\t\r])', '''\1') as sku,
  meter,
  first_date,
  last_date,
  trim_scale(quantity) as quantity,
  trim_scale(usage_hours) as usage_hours,
  trim_scale(gpu_hours) as gpu_hours,
  billing_currency,
  trim_scale(billed_cost) as billed_cost,
  trim_scale(effective_cost) as effective_cost,
  :'reporting_currency'::text as reporting_currency,
  trim_scale(reporting_cost) as reporting_cost,
  trim_scale(accrued_cost) as not_posted_yet,
  trim_scale(uncertainty) as uncertainty
from line
order by team, provider, account_id, resource_id, meter, billing_currency, corrects_month nulls first
