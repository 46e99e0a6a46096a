-- One row per share of a charge (focus_charge_share) that an invoice or a credit note of the month bills.
-- The only invoice of an account and currency bills all of its charges that correct no earlier month. Of
-- several it is the one whose line matches the charge best: its SKU, contract, region and service, then the
-- last period begun, then the nearest price. A correction of a closed month is on the credit note for that
-- month that has no charge of its own, matched in the same way. Where two documents match equally, none is
-- given.
with charge as (
  select distinct on (share_number)
    share_number, account_id, resource_id, focus_currency, service_name, known_sku,
    known_region_id, nullif(split_part(commitment_id, '/', 1), '') as contract_id, unit_price,
    charge_date, cost_month, is_correction, focus_billed
  from focus_charge_part
  order by share_number, role desc
),
line as (
  select * from focus_invoice_line where statement_month = :'from'::date
),
booked as (
  select share_number, account_id, note.resource_id, note.invoice_name, charge.focus_billed
  from charge
  join (select distinct account_id, resource_id, invoice_name from line) as note
    using (account_id, resource_id)
),
billable as (
  select charge.*
  from charge
  where not exists (
    select from focus_invoice_line as note
    where note.account_id = charge.account_id and note.resource_id = charge.resource_id
  )
),
account_invoices as (
  select
    account_id, currency, count(distinct invoice_id) as invoices,
    min(invoice_name) as invoice_name
  from line
  where not is_credit_note
  group by account_id, currency
),
choice as (
  select line.*
  from line
  join account_invoices as invoiced using (account_id, currency)
  where not is_credit_note and invoices > 1
  union all
  select line.*
  from line
  where is_credit_note and not exists (
    select from booked
    where booked.account_id = line.account_id and booked.resource_id = line.resource_id
      and focus_billed <> 0
  )
),
candidate as (
  select
    billable.share_number, choice.invoice_id, choice.invoice_name,
    rank() over (
      partition by share_number
      order by
        cardinality(skus) > 0 desc,
        choice.contract_id is not null desc,
        choice.region_id is not null desc,
        cardinality(services) > 0 desc,
        coalesce(choice.period_from_date <= billable.charge_date, true) desc,
        choice.period_from_date desc nulls last,
        abs(choice.unit_price - billable.unit_price)
    ) as place
  from billable
  join choice
    on choice.account_id = billable.account_id and choice.currency = billable.focus_currency
    and choice.is_credit_note = billable.is_correction
    and choice.invoice_month = billable.cost_month
  where (cardinality(skus) = 0 or billable.known_sku = any(skus))
    and (cardinality(services) = 0 or billable.service_name = any(services))
    and coalesce(choice.region_id = billable.known_region_id, choice.region_id is null)
    and coalesce(choice.contract_id = billable.contract_id, choice.contract_id is null)
)
select share_number, invoice_name
from booked
union all
select billable.share_number, invoiced.invoice_name
from billable
join account_invoices as invoiced
  on invoiced.account_id = billable.account_id and invoiced.currency = billable.focus_currency
where not is_correction and invoices = 1
union all
select share_number, min(invoice_name)
from candidate
where place = 1
group by share_number
having count(distinct invoice_id) = 1
