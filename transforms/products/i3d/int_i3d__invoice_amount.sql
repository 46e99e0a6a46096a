-- One row per amount that an account's invoices state, net of tax: each line, and what an invoice's
-- total says beyond its lines (all of it where the details never came). A line belongs to the UTC
-- month in which its period begins; an invoice without periods to the month before it was made.
-- A credit note is taken off, whether it is written with negative amounts or with positive ones.
with signed as (
  select
    line.*,
    case
      when is_credit_note and sum(amount_without_tax) over (partition by version_id) > 0 then -1
      else 1
    end as sign
  from staging.stg_i3d__invoice_line as line
  where line.ended_at is null
),
line as (
  select
    account_id, invoice_id, line_number, version_id, description, period_from_date, currency,
    is_credit_note, unit_price, sign * quantity as quantity, sign * amount_without_tax as amount
  from signed
),
invoice as (
  select
    account_id, invoice_id, version_id, currency, is_credit_note,
    case when is_credit_note then -abs(amount_without_tax) else amount_without_tax end as amount,
    (date_trunc('month', created_at at time zone 'UTC') - interval '1 month')::date as month
  from staging.stg_i3d__invoice
  where ended_at is null
),
stated as (
  select
    account_id, invoice_id, sum(amount) as amount,
    date_trunc('month', min(period_from_date))::date as month
  from line
  group by account_id, invoice_id
)
select
  line.account_id,
  line.invoice_id,
  line.line_number,
  coalesce(date_trunc('month', line.period_from_date)::date, invoice.month) as month,
  line.description,
  line.currency,
  line.is_credit_note,
  line.period_from_date,
  line.unit_price,
  line.quantity,
  line.amount,
  line.version_id as source_version
from line
left join invoice using (account_id, invoice_id)
union all
select
  invoice.account_id,
  invoice.invoice_id,
  null,
  coalesce(stated.month, invoice.month),
  null,
  invoice.currency,
  invoice.is_credit_note,
  null,
  null,
  null,
  invoice.amount - coalesce(stated.amount, 0),
  invoice.version_id
from invoice
left join stated using (account_id, invoice_id)
where invoice.amount <> coalesce(stated.amount, 0)
