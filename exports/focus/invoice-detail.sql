-- One row per line of an issued invoice or credit note that the month's statement has, and one for its
-- tax; where no invoice of an account and currency is issued for the month, one open row per service and
-- charge category made from our own figures, which says so (x_Synthetic).
with term as (
  select account_id, min(product.payment_terms) as payment_terms
  from focus_charge_part
  join mart.dim_product as product using (provider)
  group by account_id
),
document_line as (
  select * from focus_invoice_line where statement_month = :'from'::date
),
-- The invoice that a credit note's line corrects: the one that its words name, else the only one of the
-- account and currency for that month, else the only one whose lines name the same SKU or service.
corrected as (
  select
    account_id, detail_id,
    case
      when count(distinct invoice_id) filter (where is_named) = 1
        then min(invoice_name) filter (where is_named)
      when count(distinct invoice_id) filter (where is_of_month) = 1
        then min(invoice_name) filter (where is_of_month)
      when count(distinct invoice_id) filter (where is_of_month and is_alike) = 1
        then min(invoice_name) filter (where is_of_month and is_alike)
    end as invoice_name
  from (
    select
      note.account_id, note.detail_id, invoice.invoice_id, invoice.invoice_name,
      concat_ws(' ', note.description, note.remarks)
        ~ ('(^|[^[:alnum:]])' || regexp_replace(invoice.invoice_name, '([^[:alnum:]])', '\\\1', 'g')
          || '([^[:alnum:]]|$)') as is_named,
      invoice.invoice_month = note.invoice_month as is_of_month,
      case
        when cardinality(note.skus) > 0 then invoice.skus && note.skus
        else invoice.services && note.services
      end as is_alike
    from document_line as note
    join focus_invoice_line as invoice
      on invoice.account_id = note.account_id and invoice.currency = note.currency
      and not invoice.is_credit_note
    where note.is_credit_note
  ) as candidate
  group by account_id, detail_id
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
    document_line.invoice_name as "InvoiceId",
    created_at as "InvoiceIssueDate",
    'Issued' as "InvoiceIssueStatus",
    issuer_name as "InvoiceIssuerName",
    due_at as "PaymentDueDate",
    case
      when due_at > created_at then format('Net %s', (due_at::date - created_at::date))
      else coalesce(term.payment_terms, 'Per agreement')
    end as "PaymentTerms",
    coalesce(corrected.invoice_name, document_line.invoice_name) as "ReferenceInvoiceId",
    'false' as "x_Synthetic",
    order_id as "x_OrderId",
    period_from_date::timestamp at time zone 'UTC' as "x_ItemPeriodStart",
    period_to_date::timestamp at time zone 'UTC' as "x_ItemPeriodEnd",
    null::text as "x_SettlementAsset"
  from document_line
  left join term using (account_id)
  left join corrected using (account_id, detail_id)
  cross join lateral (
    values
      (net_amount, case when is_credit_note then 'Credit' else 'Usage' end, ''),
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
    cost."x_StatementDetailId" as "InvoiceDetailId",
    max(cost."x_RecordedAt") as "InvoiceDetailLastUpdated",
    cost."x_StatementId" as "InvoiceId",
    null::timestamptz as "InvoiceIssueDate",
    'Open' as "InvoiceIssueStatus",
    cost."InvoiceIssuerName",
    null::timestamptz as "PaymentDueDate",
    coalesce(min(term.payment_terms), 'Per agreement') as "PaymentTerms",
    cost."x_StatementId" as "ReferenceInvoiceId",
    'true' as "x_Synthetic",
    null::text as "x_OrderId",
    null::timestamptz as "x_ItemPeriodStart",
    null::timestamptz as "x_ItemPeriodEnd",
    cost."x_SettlementAsset"
  from focus_cost_and_usage as cost
  left join term on term.account_id = cost."BillingAccountId"
  where cost."x_StatementId" is not null
  group by cost."BillingAccountId", cost."x_StatementId", cost."x_StatementDetailId",
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
order by
  "BillingAccountId" collate "C", "InvoiceId" collate "C", "InvoiceDetailId" collate "C"
