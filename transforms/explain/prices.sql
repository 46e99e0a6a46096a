-- The rate-card rows behind the charges: file, line and dates of each.
select
  'rate:' || rate.rate_id as price_source,
  rate.sku, rate.region, rate.contract_id, rate.unit, rate.currency,
  trim_scale(rate.unit_price::numeric) as unit_price,
  to_char(rate.valid_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as valid_from,
  to_char(rate.valid_to at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as valid_to,
  rate.source_file, rate.source_line,
  to_char(rate.loaded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as loaded_at
from reference.rate
where 'rate:' || rate.rate_id = any (:'price_sources'::text[])
order by rate.rate_id
