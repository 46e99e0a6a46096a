-- One row per version of a rate of the reference files, with the ids of its prices: of use, and of the
-- purchase of hours that a contract commits to. What changes or is agreed (amount, currency, time,
-- contract) is no part of an id; a rate of one account alone has ids of its own.
select rate.*, named.use_price_id, named.purchase_price_id
from mart.rpt_rate_version as rate
cross join lateral (
  select
    min(id) filter (where kind <> 'purchase') as use_price_id,
    min(id) filter (where kind = 'purchase') as purchase_price_id
  from (
    select
      kind,
      left(encode(sha256(convert_to(
        concat_ws('|', 'rate', provider, sku, region, unit, account_id, kind), 'UTF8'
      )), 'hex'), 32) as id
    from unnest(array[case when contract_id = '' then 'on demand' else 'committed' end, 'purchase'])
      as kind
  ) as hashed
) as named
