-- One row per movement of a prepaid balance that is no cost.
select occurred_at, account_id, kind, amount, billing_currency
from mart.rpt_wallet_movement
where $__timeFilter(occurred_at)
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
order by occurred_at desc
limit 200
