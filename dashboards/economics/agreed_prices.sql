-- One row per agreed price that holds at the clock, those that changed last at the top.
select
  agreed.provider, sku, region, case contract_id when '' then 'on demand' else contract_id end
    as contract,
  former_price_per_hour, price_per_hour, change_share, billing_currency, valid_from
from mart.rpt_agreed_price as agreed
cross join mart.rpt_clock as clock
where valid_from <= clock.clock_at and (valid_to is null or clock.clock_at < valid_to)
  and agreed.provider in (${provider:sqlstring}) and $__filtered(region, sku)
order by former_price_per_hour is null, valid_from desc, sku, region
limit 200
