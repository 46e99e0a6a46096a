-- One row per team, cost centre and billing currency of one month's statement.
select
  month,
  team,
  cost_centre,
  billing_currency,
  count(*)::integer as lines,
  count(distinct (account_id, resource_id))::integer as resources,
  sum(usage_hours) as usage_hours,
  sum(gpu_hours) as gpu_hours,
  sum(billed_cost) as billed_cost,
  sum(effective_cost) as effective_cost,
  coalesce(sum(billed_cost) filter (where is_share), 0) as shared_cost,
  coalesce(sum(billed_cost) filter (where commitment_status = 'Unused'), 0)
    as unused_commitment_cost,
  coalesce(sum(billed_cost) filter (where corrects_month is not null), 0) as correction_cost,
  reporting_currency,
  sum(reporting_cost) as reporting_cost
from chargeback_line
group by month, team, cost_centre, billing_currency, reporting_currency
order by team collate "C", cost_centre collate "C" nulls first, billing_currency collate "C"
