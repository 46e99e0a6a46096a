-- One row per kind of cost that the statement leaves out, account and billing currency: hours of usage
-- without a price, and amounts without an exchange rate (not in the reporting currency). A closed month
-- leaves out what it left out at its close.
with entry as (
  select
    account_id, provider, resource_id, billing_currency, price_source, usage_hours, billed_cost,
    reporting_cost
  from mart.rpt_posting
  where (price_source = 'missing' or reporting_cost is null)
    and recorded_at <= :'known_at'::timestamptz and charge_date < :'to'::date
    and greatest(date_trunc('month', charge_date::timestamp)::date, books_open_from)
      = :'from'::date
    and (:'is_closed'::boolean or charge_date < :'from'::date)
  union all
  select
    account_id, provider, resource_id, billing_currency, price_source, usage_hours, billed_cost,
    reporting_cost
  from known_charge as charge
  where not :'is_closed'::boolean and (price_source = 'missing' or reporting_cost is null)
    and charge_date >= :'from'::date and charge_date < :'to'::date
),
omission as (
  select
    'usage without a price' as kind, account_id, provider, billing_currency, resource_id,
    usage_hours, 0::numeric as amount
  from entry
  where price_source = 'missing'
  union all
  select
    'amount without an exchange rate', account_id, provider, billing_currency, resource_id, 0,
    billed_cost
  from entry
  where reporting_cost is null and price_source <> 'missing'
)
select
  kind, account_id, provider, billing_currency,
  count(distinct resource_id)::integer as resources,
  trim_scale(sum(usage_hours)) as usage_hours,
  trim_scale(sum(amount)) as amount
from omission
group by kind, account_id, provider, billing_currency
having sum(usage_hours) > 0 or sum(amount) <> 0
order by kind collate "C", account_id collate "C", provider collate "C", billing_currency collate "C"
