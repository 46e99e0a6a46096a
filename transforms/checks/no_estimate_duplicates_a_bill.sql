-- Claim: no estimate duplicates a bill. Where resources that no bill names are estimated for days, and the same account's
-- bills of the month and meter name resources that no listing shows, both are probably the same and counted twice.
with resource_month as (
  select
    account_id, provider, resource_id, meter, billing_currency,
    date_trunc('month', charge_date::timestamp)::date as month,
    sum(billed_cost) filter (where basis = 'billed') as billed_cost,
    sum(billed_cost) filter (where basis = 'derived' and price_source like 'estimated:%')
      as estimated_cost,
    count(distinct charge_date) filter (where basis = 'derived' and price_source like 'estimated:%')
      as estimated_days
  from intermediate.known_charge
  group by account_id, provider, resource_id, meter, billing_currency,
    date_trunc('month', charge_date::timestamp)::date
),
unbilled as (
  select account_id, provider, meter, billing_currency, month,
    min(resource_id collate "C") as resource_id, sum(estimated_cost) as estimated_cost
  from resource_month
  where billed_cost is null and estimated_days > 3
  group by account_id, provider, meter, billing_currency, month
),
unlisted as (
  select account_id, provider, meter, billing_currency, month,
    min(resource_id collate "C") as billed_resource_id, sum(billed_cost) as billed_cost
  from resource_month
  where billed_cost > 0 and exists (
    select from mart.dim_resource as resource
    where resource.account_id = resource_month.account_id
      and resource.resource_id = resource_month.resource_id
      and resource.valid_to is null and resource.sku is null
  )
  group by account_id, provider, meter, billing_currency, month
)
select account_id, resource_id, provider, meter, month, estimated_cost, billed_resource_id,
  billed_cost, billing_currency
from unbilled
join unlisted using (account_id, provider, meter, billing_currency, month)
where billed_cost >= estimated_cost / 2
