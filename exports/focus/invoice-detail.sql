-- One row per line of an issued invoice that begins in the month and one for its tax; for charges that
-- are on no invoice of the provider, one open row per service and charge category made from our own
-- figures, which says so (x_Synthetic).
with issuer as (
  select issuer_name, min(payment_terms) as payment_terms from mart.dim_product group by issuer_name
),
invoice_line as (
  select
    line.*,
    min(line.period_from_date) over (partition by line.account_id, line.invoice_id) as first_date
  from mart.rpt_invoice_line as line
  where line.seen_from <= :'known_at'
    and (line.ended_at is null or line.ended_at > :'known_at')
),
line_of_month as (
  select
    invoice_line.*,
    concat_ws('-', invoice_name, line_number, left(encode(sha256(convert_to(concat_ws(
      '|', description, order_id, quantity, unit_price, amount_without_tax, tax_amount
    ), 'UTF8')), 'hex'), 8)) as detail_id
  from invoice_line
  where date_trunc('month', first_date::timestamp) = :'from'::date
),
issued as (
  select
    amount.amount as "BilledCost",
    account_id as "BillingAccountId",
    currency as "BillingCurrency",
    amount.category as "ChargeCategory",
    coalesce(created_at, seen_from) as "InvoiceDetailCreated",
    nullif(concat_ws(' ', description, nullif(remarks, '')), '') as "InvoiceDetailDescription",
    case when order_id is not null then jsonb_build_object('x_OrderId', order_id) end
      as "InvoiceDetailGrain",
    detail_id || amount.suffix as "InvoiceDetailId",
    greatest(seen_from, created_at) as "InvoiceDetailLastUpdated",
    invoice_name as "InvoiceId",
    created_at as "InvoiceIssueDate",
    'Issued' as "InvoiceIssueStatus",
    line_of_month.issuer_name as "InvoiceIssuerName",
    due_at as "PaymentDueDate",
    case
      when due_at > created_at then format('Net %s', (due_at::date - created_at::date))
      else coalesce(issuer.payment_terms, 'Per agreement')
    end as "PaymentTerms",
    invoice_name as "ReferenceInvoiceId",
    'false' as "x_Synthetic",
    order_id as "x_OrderId",
    period_from_date::timestamp at time zone 'UTC' as "x_ItemPeriodStart",
    period_to_date::timestamp at time zone 'UTC' as "x_ItemPeriodEnd",
    null::text as "x_SettlementAsset"
  from line_of_month
  left join issuer on issuer.issuer_name = line_of_month.issuer_name
  cross join lateral (
    values
      (amount_without_tax, case when is_credit_note then 'Credit' else 'Usage' end, ''),
      (tax_amount, 'Tax', '-tax')
  ) as amount (amount, category, suffix)
  where amount.amount <> 0
),
synthetic as (
  select
    sum(cost."BilledCost") as "BilledCost",
    cost."BillingAccountId",
    cost."BillingCurrency",
    cost."ChargeCategory",
    min(cost."x_RecordedAt") as "InvoiceDetailCreated",
    format('%s: %s of the month by Meterhouse, not the provider''s invoice', cost."ServiceName",
      lower(cost."ChargeCategory")) as "InvoiceDetailDescription",
    jsonb_build_object('ServiceName', cost."ServiceName") as "InvoiceDetailGrain",
    cost."InvoiceDetailId",
    max(cost."x_RecordedAt") as "InvoiceDetailLastUpdated",
    cost."InvoiceId",
    null::timestamptz as "InvoiceIssueDate",
    'Open' as "InvoiceIssueStatus",
    cost."InvoiceIssuerName",
    null::timestamptz as "PaymentDueDate",
    coalesce(max(issuer.payment_terms), 'Per agreement') as "PaymentTerms",
    cost."InvoiceId" as "ReferenceInvoiceId",
    'true' as "x_Synthetic",
    null::text as "x_OrderId",
    null::timestamptz as "x_ItemPeriodStart",
    null::timestamptz as "x_ItemPeriodEnd",
    cost."x_SettlementAsset"
  from focus_cost_and_usage as cost
  left join issuer on issuer.issuer_name = cost."InvoiceIssuerName"
  where cost."InvoiceDetailId" is not null
  group by cost."BillingAccountId", cost."InvoiceId", cost."InvoiceDetailId",
    cost."BillingCurrency", cost."ChargeCategory", cost."ServiceName", cost."InvoiceIssuerName",
    cost."x_SettlementAsset"
),
line as (
  select * from issued
  union all
  select * from synthetic
)
select
  line.*,
  :'from'::timestamp at time zone 'UTC' as "BillingPeriodStart",
  :'to'::timestamp at time zone 'UTC' as "BillingPeriodEnd"
from line
order by "BillingAccountId", "InvoiceId", "InvoiceDetailId"
