-- One row per version of an invoice's details and line: minor units (cents of the
-- euro) become units of the currency. No line
-- names a server or a VM. A period's last day is taken as it is written.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as invoice_id,
  item.line_number,

  version.payload ->> 'invoiceNumber' as invoice_number,
  item.line ->> 'orderId' as order_id,
  item.line ->> 'description' as description,
  item.line ->> 'remarks' as remarks,
  version.payload ->> 'currency' as currency,

  (item.line ->> 'quantity')::numeric as quantity,
  (item.line ->> 'unitPrice')::numeric * unit.minor as unit_price,
  (item.line ->> 'setupCosts')::numeric * unit.minor as setup_costs,
  (item.line ->> 'amountExclVat')::numeric * unit.minor as amount_without_tax,
  (item.line ->> 'amountIncVat')::numeric * unit.minor as amount_with_tax,
  (item.line ->> 'vatAmount')::numeric * unit.minor as tax_amount,
  (item.line ->> 'vatPercentage')::numeric as tax_percent,

  coalesce((version.payload ->> 'isCredit')::numeric = 1, false) as is_credit_note,

  case
    when item.line ->> 'periodFrom' ~ '^\d+$'
      then (to_timestamp((item.line ->> 'periodFrom')::numeric) at time zone 'UTC')::date
    else left(nullif(item.line ->> 'periodFrom', ''), 10)::date
  end as period_from_date,
  case
    when item.line ->> 'periodTo' ~ '^\d+$'
      then (to_timestamp((item.line ->> 'periodTo')::numeric) at time zone 'UTC')::date
    else left(nullif(item.line ->> 'periodTo', ''), 10)::date
  end as period_to_date,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (
  select reference.minor_unit(version.payload ->> 'currency') as minor
) as unit
cross join lateral jsonb_array_elements(
  case jsonb_typeof(version.payload -> 'items') when 'array' then version.payload -> 'items' end
) with ordinality as item (line, line_number)
where version.entity = 'i3d.invoice_detail'
