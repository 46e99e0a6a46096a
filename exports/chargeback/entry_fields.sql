-- One row per line of an entry (chargeback_entry), as the texts that templates name: days as YYYY-MM-DD,
-- amounts with the decimals of their currency, and an empty text for what there is not.
select
  document_number,
  line_number::text as line_number,
  posting_date::text as posting_date,
  period,
  left(period, 4) as period_year,
  right(period, 2) as period_month,
  period || '-01' as period_start,
  left(period, 4) || '-01-01' as year_start,
  coalesce(corrects_month, '') as corrects_month,
  memo,
  issuer,
  account_id,
  coalesce(invoice_number, '') as invoice_number,
  coalesce(invoice_date::text, '') as invoice_date,
  coalesce(due_date::text, '') as due_date,
  kind,
  case when debit > 0 or functional_debit > 0 then 'debit' else 'credit' end as side,
  ledger_account,
  settlement_account,
  coalesce(cost_centre, '') as cost_centre,
  coalesce(cost_centre_name, '') as cost_centre_name,
  coalesce(team, '') as team,
  coalesce(project, '') as project,
  currency,
  coalesce(round(nullif(debit, 0), decimals)::text, '') as debit,
  coalesce(round(nullif(credit, 0), decimals)::text, '') as credit,
  round(amount, decimals)::text as amount,
  round(abs(amount), decimals)::text as unsigned_amount,
  coalesce(asset, '') as asset,
  coalesce(trim_scale(asset_amount)::text, '') as asset_amount,
  coalesce(trim_scale(asset_rate)::text, '') as asset_rate,
  coalesce(trim_scale(rate)::text, '') as rate,
  functional_currency,
  coalesce(round(nullif(functional_debit, 0), functional_decimals)::text, '') as functional_debit,
  coalesce(round(nullif(functional_credit, 0), functional_decimals)::text, '') as functional_credit,
  coalesce(round(functional_amount, functional_decimals)::text, '') as functional_amount,
  coalesce(round(abs(functional_amount), functional_decimals)::text, '')
    as unsigned_functional_amount,
  case
    when currency <> functional_currency
      then coalesce(round(abs(functional_amount), functional_decimals)::text, '')
    else ''
  end as base_amount,
  case when currency <> functional_currency then functional_currency else '' end as base_currency
from chargeback_entry
order by entry_number
