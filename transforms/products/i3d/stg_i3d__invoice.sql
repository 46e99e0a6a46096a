-- One row per version of an invoice or credit note, from the list: minor units (cents of the euro)
-- become units of the currency. What the payment status codes mean is not documented.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as invoice_id,

  version.payload ->> 'invoiceNumber' as invoice_number,
  version.payload ->> 'description' as description,
  version.payload ->> 'currency' as currency,

  (version.payload ->> 'amountExclVAT')::numeric * unit.minor as amount_without_tax,
  (version.payload ->> 'amountIncVAT')::numeric * unit.minor as amount_with_tax,
  (version.payload ->> 'remainingAmount')::numeric * unit.minor as amount_remaining,
  (version.payload ->> 'totalPaidAmount')::numeric * unit.minor as amount_paid,
  (version.payload ->> 'paymentStatus')::numeric as payment_status_code,

  coalesce((version.payload ->> 'isCredit')::numeric = 1, false) as is_credit_note,

  to_timestamp((version.payload ->> 'creationDate')::numeric) as created_at,
  to_timestamp(nullif((version.payload ->> 'dueDate')::numeric, 0)) as due_at,
  to_timestamp(nullif((version.payload ->> 'paymentDate')::numeric, 0)) as paid_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (
  select reference.minor_unit(version.payload ->> 'currency') as minor
) as unit
where version.entity = 'i3d.invoice'
