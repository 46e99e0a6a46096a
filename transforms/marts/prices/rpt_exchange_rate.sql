-- One row per currency and stretch of UTC days: its rate to the reporting currency (for that one: 1).
select
  rate.base_currency as currency,
  rate.valid_from,
  lead(rate.valid_from) over (partition by rate.base_currency order by rate.valid_from) as valid_to,
  rate.rate,
  rate.quote_currency as reporting_currency,
  rate.source
from reference.exchange_rate as rate
join mart.rpt_reporting_currency as reporting
  on reporting.reporting_currency = rate.quote_currency
where rate.superseded_at is null
union all
select reporting_currency, '-infinity', null, 1, reporting_currency, 'itself'
from mart.rpt_reporting_currency
where reporting_currency is not null
