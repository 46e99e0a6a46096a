-- One row per credit note of an account of which a batch of changes tells an invoice or its details:
-- what the invoices of a month add up to decides whether its credit notes are booked.
select note.account_id, note.resource_id, '-infinity'::timestamptz as from_at
from intermediate.int_i3d_credit__note as note
where note.account_id in (
  select taken_change.account_id
  from taken_change
  where taken_change.entity in ('i3d.invoice', 'i3d.invoice_detail')
)
group by note.account_id, note.resource_id
