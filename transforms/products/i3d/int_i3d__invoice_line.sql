-- One row per version of an invoice's line, in the columns of the contract. What the list says of the
-- invoice (when it was made, when it is due) is as it was reported last. A credit note has the resource that
-- it is credited on.
select
  line.account_id,
  'i3D.net' as issuer_name,
  line.invoice_id,
  coalesce(line.invoice_number, line.invoice_id) as invoice_name,
  case when line.is_credit_note then 'credit-note/' || line.invoice_id end as resource_id,
  line.line_number,
  line.order_id,
  line.description,
  line.remarks,
  line.currency,
  line.quantity,
  line.unit_price,
  line.amount_without_tax,
  line.tax_amount,
  line.is_credit_note,
  line.period_from_date,
  line.period_to_date,
  invoice.created_at,
  invoice.due_at,
  line.seen_from,
  line.ended_at
from staging.stg_i3d__invoice_line as line
left join lateral (
  select candidate.created_at, candidate.due_at
  from staging.stg_i3d__invoice as candidate
  where candidate.account_id = line.account_id and candidate.invoice_id = line.invoice_id
  order by candidate.version_id desc
  limit 1
) as invoice on true
