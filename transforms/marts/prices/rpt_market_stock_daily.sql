-- One row per UTC day, offer of a market that a provider publishes, and region: how much of it
-- could be rented, as last reported on that day (or before, when nobody looked): a number of
-- `stock_unit`, or the provider's own word where it tells none.
select
  stock_date,
  account_id,
  provider,
  market,
  offer,
  region_id,
  coalesce(region_name, nullif(region_id, ''), '(any)') as region,

  stock,
  stock_unit,
  stock_level
from mart.market_stock_daily
