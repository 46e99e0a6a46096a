-- The expected_charge charges with their amount in the reporting currency: one row per charge key. A
-- missing exchange rate leaves the reporting amount null (a check reports it), never a guess.
create temporary table expected_charge on commit drop as
with rate_in_force as (
  select
    rate.base_currency, rate.valid_from, rate.rate,
    lead(rate.valid_from) over (partition by rate.base_currency order by rate.valid_from)
      as valid_to
  from reference.exchange_rate as rate
  where rate.quote_currency = :'reporting_currency' and rate.superseded_at is null
),
priced as (
  select
    product_charge.*,
    :'reporting_currency'::text as reporting_currency,
    case
      when product_charge.billing_currency = :'reporting_currency' then 1
      else rate_in_force.rate
    end as exchange_rate
  from product_charge
  left join rate_in_force
    on rate_in_force.base_currency = product_charge.billing_currency
    and product_charge.charge_date >= rate_in_force.valid_from
    and (rate_in_force.valid_to is null or product_charge.charge_date < rate_in_force.valid_to)
)
select priced.*, round(billed_cost * exchange_rate, 9) as reporting_cost
from priced
