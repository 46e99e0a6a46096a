-- One row per account whose servers are listed: whether FlexMetal hours are rounded up once over a
-- server's life, by the newest use that shows it; null while none does.
select
  account.account_id,
  shown.is_by_life
from (
  select distinct account_id from landing.watermark where stream = 'flexmetal.servers'
) as account
left join lateral (
  select counted.is_by_life
  from intermediate.int_flexmetal__counted_hours as counted
  where counted.account_id = account.account_id
  order by counted.version_id desc
  limit 1
) as shown on true
