-- One row per team and billing currency of one month's statement.
select
  :'month'::text as month,
  regexp_replace(team, '^([=+\-@\t\r])', '''\1') as team,
  billing_currency,
  count(distinct (account_id, resource_id)) as resources,
  trim_scale(sum(usage_hours)) as usage_hours,
  trim_scale(sum(gpu_hours)) as gpu_hours,
  trim_scale(sum(billed_cost)) as billed_cost,
  :'reporting_currency'::text as reporting_currency,
  trim_scale(sum(reporting_cost)) as reporting_cost
from known_owned_cost as cost
where statement_month = :'from'
group by team, billing_currency
order by team, billing_currency
