-- One row per ledger entry or accrual of the charges, UTC month of its days and month of the statement
-- that contains them: an entry over a month's end has two rows, which add up to it.
-- Input posting_day: ledger entries and accruals by day.
select
  account_id, charge_key, charge_id, run_id, revision, entry, resource_id, meter,
  to_char(cost_month, 'YYYY-MM') as month,
  to_char(statement_month, 'YYYY-MM') as statement_month,
  statement_month > cost_month as is_correction,
  min(cost_date) as first_date,
  max(cost_date) as last_date,
  trim_scale(sum(quantity)) as quantity,
  min(unit collate "C") as unit,
  trim_scale(sum(billed_cost)) as billed_cost,
  trim_scale(entry_cost::numeric) as entry_cost,
  billing_currency,
  trim_scale(sum(reporting_cost)) as reporting_cost,
  trim_scale(sum(uncertainty)) as uncertainty
from posting_day
where account_id = any (:'accounts'::text[]) and charge_key = any (:'charge_keys'::text[])
  and (account_id, charge_key) in (
    select * from unnest(:'accounts'::text[], :'charge_keys'::text[])
  )
group by
  account_id, charge_key, charge_id, run_id, revision, entry, resource_id, meter, cost_month,
  statement_month, entry_cost, billing_currency
order by
  account_id collate "C", charge_key collate "C", charge_id nulls last, cost_month, statement_month
