-- One row per account, provider, SKU, meter and what is lacking (a price, or the exchange rate of a
-- currency), of the running UTC month and the one before. `value`: how many resources were used without
-- it. They stand in the books at no cost, which no rule about spend may take for none.
select
  account_id,
  provider,
  coalesce(sku, 'unknown') as sku,
  meter,
  case price_source when 'missing' then 'price' else billing_currency || ' rate' end as lacking,
  count(distinct resource_id) as value
from intermediate.known_charge
where (price_source = 'missing' or reporting_cost is null)
  and charge_date >= (mart.this_month() - interval '1 month')::date
group by account_id, provider, coalesce(sku, 'unknown'), meter,
  case price_source when 'missing' then 'price' else billing_currency || ' rate' end
