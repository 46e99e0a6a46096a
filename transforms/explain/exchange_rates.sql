-- The exchange rates used: source, file and line of each.
select
  exchange_rate_id, base_currency, quote_currency, valid_from,
  trim_scale(rate) as rate, source, source_file, source_line
from reference.exchange_rate
where exchange_rate_id = any (:'exchange_rate_ids'::bigint[])
order by exchange_rate_id
