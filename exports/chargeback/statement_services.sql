-- One row per provider, service and billing currency of one team's lines, the most expensive first.
-- Amounts are exact.
with service as (
  select
    coalesce(product.title, line.provider) as provider,
    coalesce(line.service, '(unknown service)') as service,
    line.billing_currency,
    count(distinct (line.account_id, line.resource_id))::integer as resources,
    coalesce(sum(line.usage_hours), 0) as usage_hours,
    coalesce(sum(line.gpu_hours), 0) as gpu_hours,
    sum(line.billed_cost) as billed_cost,
    coalesce(sum(line.reporting_cost), 0) as reporting_cost
  from chargeback_line as line
  left join mart.dim_product as product on product.provider = line.provider
  where line.line between :'first_line' and :'last_line'
  group by
    coalesce(product.title, line.provider), coalesce(line.service, '(unknown service)'),
    line.billing_currency
)
select
  provider,
  service,
  resources,
  to_char(round(usage_hours, 1), 'FM999,999,999,990.0') as usage_hours,
  to_char(round(gpu_hours, 1), 'FM999,999,999,990.0') as gpu_hours,
  billing_currency,
  trim_scale(billed_cost) as billed_cost,
  trim_scale(reporting_cost) as reporting_cost,
  coalesce(round(
    1000 * greatest(reporting_cost, 0) / nullif(max(greatest(reporting_cost, 0)) over (), 0)
  ), 0)::integer as width
from service
order by
  service.reporting_cost desc, provider collate "C", service collate "C",
  billing_currency collate "C"
