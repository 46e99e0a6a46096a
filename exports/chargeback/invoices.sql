-- One row per invoice or credit note that a provider issued for the month, as known for the statement:
-- what it asks, net of tax and its tax. A credit note is below zero, whichever way it is written. An
-- invoice belongs to the month in which its first period begins; without periods, to the month before
-- it was made.
with line as (
  select *
  from mart.rpt_invoice_line
  where seen_from <= :'known_at' and (ended_at is null or ended_at > :'known_at')
),
invoice as (
  select
    issuer_name, account_id, invoice_id, invoice_name, currency, is_credit_note,
    min(created_at) as created_at,
    min(due_at) as due_at,
    min(period_from_date) as first_date,
    sum(amount_without_tax) as net_amount,
    coalesce(sum(tax_amount), 0) as tax_amount
  from line
  group by issuer_name, account_id, invoice_id, invoice_name, currency, is_credit_note
)
select
  issuer_name,
  account_id,
  invoice_name as invoice_number,
  is_credit_note,
  (created_at at time zone 'UTC')::date as invoice_date,
  (due_at at time zone 'UTC')::date as due_date,
  currency,
  trim_scale(case when is_credit_note then -abs(net_amount) else net_amount end) as net_amount,
  trim_scale(case when is_credit_note then -abs(tax_amount) else tax_amount end) as tax_amount
from invoice
where date_trunc('month', coalesce(
    first_date::timestamp, created_at at time zone 'UTC' - interval '1 month'
  ))::date = :'from'::date
order by
  issuer_name collate "C", account_id collate "C", is_credit_note, invoice_name collate "C",
  invoice_id collate "C"
