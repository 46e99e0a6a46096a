-- One row per machine for which a provider holds money back, with what it is and whose.
select
  reserve.account_id,
  reserve.resource_id,

  reserve.provider,
  resource.resource_type,
  resource.resource_name,
  resource.sku,
  resource.region,
  resource.team,
  reserve.billing_currency,

  reserve.reserved_amount,
  reserve.epochs_covered,

  reserve.reserved_from,
  reserve.next_billing_at
from mart.rpt_reserve as reserve
cross join lateral (
  select *
  from mart.rpt_resource as owned
  where owned.account_id = reserve.account_id and owned.resource_id = reserve.resource_id
  offset 0 -- Looked up one by one: a few machines among many resources.
) as resource
