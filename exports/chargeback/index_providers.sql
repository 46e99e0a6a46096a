-- One row per provider and billing currency, the most expensive first, with the width of its bar beside
-- the widest in the reporting currency (thousandths); then one per billing currency (provider is null).
with titled as (
  select
    coalesce(product.title, line.provider) as provider,
    line.billing_currency, line.billed_cost, line.reporting_cost
  from chargeback_line as line
  left join mart.dim_product as product on product.provider = line.provider
),
cost as (
  select
    provider, billing_currency,
    sum(billed_cost) as billed_cost,
    sum(reporting_cost) as reporting_cost
  from titled
  group by grouping sets ((provider, billing_currency), (billing_currency))
),
measured as (
  select
    cost.*,
    max(greatest(reporting_cost, 0)) filter (where provider is not null) over () as widest
  from cost
)
select
  provider,
  billing_currency,
  to_char(round(billed_cost, 2), 'FM999,999,999,999,990.00') as billed_cost,
  to_char(round(coalesce(reporting_cost, 0), 2), 'FM999,999,999,999,990.00') as reporting_cost,
  coalesce(round(1000 * greatest(reporting_cost, 0) / nullif(widest, 0)), 0)::integer as width
from measured
order by
  provider is null, measured.reporting_cost desc nulls last, provider collate "C",
  billing_currency collate "C"
