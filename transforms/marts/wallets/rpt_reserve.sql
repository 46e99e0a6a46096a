-- One row per machine for which a provider holds money back, as its account shows it now: locked,
-- given back at the end of the rental, never cost. `epochs_covered` is how long it pays for.
select
  reserve.account_id,
  reserve.provider,
  reserve.resource_id,
  reserve.name,
  reserve.reserved_amount,
  reserve.billing_currency,
  round(reserve.reserved_amount / nullif(reserve.price_per_epoch, 0), 3) as epochs_covered,
  reserve.next_billing_at,
  reserve.reserved_from
from intermediate.reserve
