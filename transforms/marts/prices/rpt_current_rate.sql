-- One row per currency that has a rate at the clock: what one unit of it is in the reporting
-- currency.
select rate.currency, rate.rate, rate.reporting_currency
from mart.rpt_exchange_rate as rate
cross join mart.rpt_clock as clock
where rate.valid_from <= (clock.clock_at at time zone 'UTC')::date
  and (rate.valid_to is null or (clock.clock_at at time zone 'UTC')::date < rate.valid_to)
