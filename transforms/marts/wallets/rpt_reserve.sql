-- One row per machine for which a provider holds money back, as its account shows it now: locked,
-- given back at the end of the rental, never cost. `epochs_covered` is how long it pays for.
select
  reserve.account_id,
  'fluence' as provider,
  reserve.resource_id,
  reserve.name,
  reserve.reserved_balance as reserved_amount,
  reserve.currency as billing_currency,
  round(reserve.reserved_balance / nullif(reserve.price_per_epoch, 0), 3) as epochs_covered,
  reserve.next_billing_at,
  reserve.seen_from as reserved_from
from intermediate.int_fluence__reserve as reserve
