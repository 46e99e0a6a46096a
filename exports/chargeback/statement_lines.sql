-- One row per line of one team, the most expensive first, up to :'lines_max'; what is left is one last row
-- per billing currency, corrections of earlier months apart (lines says how many it sums). Amounts are
-- exact.
with ranked as (
  select
    chargeback_line.*,
    corrects_month is not null as is_correction,
    row_number() over (order by abs(reporting_cost) desc nulls last, line)
      <= :'lines_max'::integer as is_shown
  from chargeback_line
  where line between :'first_line' and :'last_line'
),
shown as (
  select
    1 as lines, is_correction, line, provider, service, resource_id, resource_name, sku, region,
    meter, cost_centre, allocation_rule, is_share, commitment_status, corrects_month, quantity, unit,
    unit_price, billing_currency, billed_cost, reporting_cost
  from ranked
  where is_shown
  union all
  select
    count(*)::integer, is_correction, null, null, null, null, null, null, null,
    null, null, null, false, null, null, null, null,
    null, billing_currency, sum(billed_cost), sum(reporting_cost)
  from ranked
  where not is_shown
  group by is_correction, billing_currency
)
select
  lines, is_correction, line, provider, service, resource_id, resource_name, sku, region, meter,
  cost_centre, allocation_rule, is_share, commitment_status, corrects_month,
  trim_scale(round(quantity, 2)) as quantity,
  unit,
  trim_scale(round(unit_price, 6)) as unit_price,
  billing_currency,
  trim_scale(billed_cost) as billed_cost,
  trim_scale(coalesce(reporting_cost, 0)) as reporting_cost
from shown
order by
  is_correction, line is null, abs(shown.reporting_cost) desc nulls last, line,
  billing_currency collate "C"
