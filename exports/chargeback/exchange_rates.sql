-- One row per exchange rate in force on a day of the statement, as it was known for the statement.
with spent as (
  select billing_currency, min(first_date) as first_date, max(last_date) as last_date
  from chargeback_line
  where billing_currency <> reporting_currency
  group by billing_currency
),
known as (
  select
    base_currency, valid_from, rate, source,
    lead(valid_from) over (partition by base_currency order by valid_from) as valid_to
  from mart.rpt_exchange_rate_version
  where quote_currency = :'reporting_currency' and loaded_at <= :'known_at'
    and (superseded_at is null or superseded_at > :'known_at')
)
select
  known.base_currency, :'reporting_currency'::text as quote_currency, known.valid_from,
  known.valid_to, trim_scale(known.rate) as rate, known.source
from spent
join known
  on known.base_currency = spent.billing_currency
  and known.valid_from <= spent.last_date
  and (known.valid_to is null or known.valid_to > spent.first_date)
order by known.base_currency collate "C", known.valid_from
