-- One row per invoice issuer that charges anything in the month's statement.
with issuer as (
  select
    "InvoiceIssuerName",
    min("x_RecordedAt") as first_recorded_at,
    max("x_RecordedAt") as last_recorded_at
  from focus_cost_and_usage
  group by "InvoiceIssuerName"
)
select
  first_recorded_at as "BillingPeriodCreated",
  :'to'::timestamp at time zone 'UTC' as "BillingPeriodEnd",
  coalesce(closed_month.closed_at, last_recorded_at) as "BillingPeriodLastUpdated",
  :'from'::timestamp at time zone 'UTC' as "BillingPeriodStart",
  case when closed_month.month is null then 'Open' else 'Closed' end as "BillingPeriodStatus",
  issuer."InvoiceIssuerName"
from issuer
left join mart.rpt_close as closed_month on closed_month.month = :'from'::date
order by issuer."InvoiceIssuerName"
