-- One row per charge with a price, as it is known now: what a resource's unit cost from
-- `charge_period_start` on, in the currency of the bill. Read it for single resources.
select
  account_id,
  resource_id,
  meter,
  unit,
  billing_currency,
  price_source,
  unit_price,
  charge_date,
  charge_period_start,
  charge_period_end
from intermediate.known_charge
where unit_price is not null
