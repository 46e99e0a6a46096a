-- One row per provider, service and billing currency of one team's lines, the most expensive first.
with service as (
  select
    provider, coalesce(service, '(unknown service)') as service, billing_currency,
    reporting_currency,
    count(distinct (account_id, resource_id))::integer as resources,
    sum(usage_hours) as usage_hours,
    sum(gpu_hours) as gpu_hours,
    sum(billed_cost) as billed_cost,
    sum(reporting_cost) as reporting_cost
  from chargeback_line
  where line between :'first_line' and :'last_line'
  group by provider, coalesce(service, '(unknown service)'), billing_currency, reporting_currency
)
select
  provider,
  service,
  resources,
  to_char(round(usage_hours, 1), 'FM999,999,999,990.0') as usage_hours,
  to_char(round(gpu_hours, 1), 'FM999,999,999,990.0') as gpu_hours,
  billing_currency,
  to_char(round(billed_cost, 2), 'FM999,999,999,999,990.00') as billed_cost,
  to_char(round(reporting_cost, 2), 'FM999,999,999,999,990.00') as reporting_cost,
  coalesce(round(
    1000 * greatest(reporting_cost, 0) / nullif(max(greatest(reporting_cost, 0)) over (), 0)
  ), 0)::integer as width
from service
order by
  service.reporting_cost desc, provider collate "C", service collate "C",
  billing_currency collate "C"
