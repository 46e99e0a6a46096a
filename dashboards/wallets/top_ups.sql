-- One row per movement of a prepaid balance that is no cost.
select occurred_at, account_id, kind, amount, billing_currency
from mart.rpt_wallet_movement
where $__timeFilter(occurred_at)
  and $__filtered(provider, account)
order by occurred_at desc
limit 200
