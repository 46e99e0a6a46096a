-- One row per row of the rate card: its price by the hour or by the UTC calendar month (the other
-- one null), and the name that tells it from others in a charge key.
select
  rate_id,
  currency,
  to_char(valid_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    || case when account_id is not null then '/own' else '' end as price_name,

  case when unit <> 'Months' then unit_price end::numeric as hour_price,
  case when unit <> 'Months' then coalesce(list_unit_price, unit_price) end::numeric
    as hour_list_price,
  case when unit = 'Months' then unit_price end::numeric as month_price,
  case when unit = 'Months' then coalesce(list_unit_price, unit_price) end::numeric
    as month_list_price
from reference.rate
