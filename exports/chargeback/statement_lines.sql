-- One row per line of one team, the most expensive first, up to :'lines_max'; what is left is one last row per
-- billing currency (lines tells how many it sums).
with ranked as (
  select
    chargeback_line.*,
    row_number() over (order by abs(reporting_cost) desc, line) <= :'lines_max'::integer as is_shown
  from chargeback_line
  where line between :'first_line' and :'last_line'
),
shown as (
  select
    1 as lines, line, provider, service, resource_id, resource_name, sku, region, meter,
    cost_centre, allocation_rule, is_share, commitment_status, corrects_month, quantity, unit,
    unit_price, billing_currency, billed_cost, reporting_cost
  from ranked
  where is_shown
  union all
  select
    count(*)::integer, null, null, null, null, null, null, null, null,
    null, null, false, null, null, null, null,
    null, billing_currency, sum(billed_cost), sum(reporting_cost)
  from ranked
  where not is_shown
  group by billing_currency
)
select
  lines, line, provider, service, resource_id, resource_name, sku, region, meter, cost_centre,
  allocation_rule, is_share, commitment_status, corrects_month,
  trim_scale(round(quantity, 2)) as quantity,
  unit,
  trim_scale(round(unit_price, 6)) as unit_price,
  billing_currency,
  to_char(round(billed_cost, 2), 'FM999,999,999,999,990.00') as billed_cost,
  to_char(round(reporting_cost, 2), 'FM999,999,999,999,990.00') as reporting_cost
from shown
order by line is null, abs(shown.reporting_cost) desc, line, billing_currency collate "C"
