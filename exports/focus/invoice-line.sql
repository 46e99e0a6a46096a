-- One row per line of an invoice or credit note that an account received, as known for the statement: its
-- amounts signed (a credit note is below zero, whichever way it is written), the month that the line is
-- about, the month whose statement has it, and what its words name of the account's charges (a region and
-- a contract by the longest name that occurs; empty and null: it names none).
with received as (
  select line.*, min(line.seen_from) over (partition by account_id, invoice_id) as received_at
  from mart.rpt_invoice_line as line
  where line.seen_from <= :'known_at'
),
known as (
  select
    received.*,
    coalesce(
      date_trunc('month', period_from_date::timestamp),
      date_trunc('month', coalesce(created_at, received_at) at time zone 'UTC') - interval '1 month'
    )::date as invoice_month,
    case
      when is_credit_note and sum(amount_without_tax) over document > 0 then -1
      else 1
    end as sign
  from received
  where ended_at is null or ended_at > :'known_at'
  window document as (partition by account_id, invoice_id)
),
-- A credit note that came after its month was closed is charged in the first month open then.
placed as (
  select
    known.*,
    greatest(invoice_month, case when is_credit_note then closed.open_from end) as statement_month
  from known
  left join lateral (
    select (max(month) + interval '1 month')::date as open_from
    from mart.rpt_close
    where closed_at < received_at
  ) as closed on true
),
name as (
  select distinct
    account_id, service_name, known_sku as sku, known_region_id as region_id,
    nullif(split_part(commitment_id, '/', 1), '') as contract_id
  from focus_charge_part
  where is_priced
)
select
  placed.account_id, placed.invoice_id, placed.invoice_name, placed.resource_id,
  placed.line_number, placed.issuer_name, placed.currency, placed.is_credit_note,
  placed.invoice_month, placed.statement_month, placed.order_id, placed.description,
  placed.remarks, placed.unit_price, placed.sign * placed.amount_without_tax as net_amount,
  placed.sign * placed.tax_amount as tax_amount, placed.period_from_date, placed.period_to_date,
  placed.created_at, placed.due_at, placed.seen_from,
  concat_ws('-', invoice_name, line_number, left(encode(sha256(convert_to(concat_ws(
    '|', description, order_id, quantity, unit_price, amount_without_tax, tax_amount
  ), 'UTF8')), 'hex'), 8)) as detail_id,
  named.services, named.skus, named.region_id, named.contract_id
from placed
cross join lateral (
  select
    lower(description) as text,
    lower(' ' || regexp_replace(translate(description, '(),;', '    '), '[:.]+(\s|$)', ' ', 'g') || ' ')
      as words
) as said
cross join lateral (
  select
    coalesce(array_agg(distinct service_name)
      filter (where position(lower(service_name) in text) > 0), '{}') as services,
    coalesce(array_agg(distinct sku)
      filter (where position(' ' || lower(sku) || ' ' in words) > 0), '{}') as skus,
    (array_agg(region_id order by length(region_id) desc, region_id collate "C")
      filter (where position(lower(region_id) in text) > 0))[1] as region_id,
    (array_agg(contract_id order by length(contract_id) desc, contract_id collate "C")
      filter (where position(lower(contract_id) in text) > 0))[1] as contract_id
  from name
  where name.account_id = placed.account_id
) as named
