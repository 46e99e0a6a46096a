-- One row per stablecoin and currency that it stands for. `value`: percent by which the exchange rate
-- of the clock's UTC day is off par, either way. A rate that is par by policy never is: the source says so.
select distinct on (rate.base_currency, rate.quote_currency)
  rate.base_currency,
  rate.quote_currency,
  rate.source,
  abs(rate.rate - 1) * 100 as value
from reference.exchange_rate as rate
cross join mart.rpt_clock as clock
where rate.superseded_at is null
  and rate.base_currency = 'USDC' and rate.quote_currency = 'USD'
  and rate.valid_from <= (clock.clock_at at time zone 'UTC')::date
order by rate.base_currency, rate.quote_currency, rate.valid_from desc
