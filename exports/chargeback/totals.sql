-- One row per billing currency: what the whole statement adds up to.
select
  billing_currency,
  count(*)::integer as lines,
  trim_scale(sum(billed_cost)) as billed_cost,
  trim_scale(sum(effective_cost)) as effective_cost,
  trim_scale(coalesce(sum(billed_cost) filter (where is_share), 0)) as shared_cost,
  trim_scale(coalesce(sum(billed_cost) filter (where commitment_status = 'Unused'), 0))
    as unused_commitment_cost,
  trim_scale(coalesce(sum(billed_cost) filter (where corrects_month is not null), 0))
    as correction_cost,
  reporting_currency,
  trim_scale(sum(reporting_cost)) as reporting_cost
from chargeback_line
group by billing_currency, reporting_currency
order by billing_currency collate "C"
