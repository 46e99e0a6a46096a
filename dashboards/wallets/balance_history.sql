-- One row per account, currency and instant at which the balance was told anew.
select
  balance_at as time,
  account_id || ' (' || provider || ', ' || billing_currency || ')' as metric,
  balance as value
from mart.rpt_wallet_history
where $__timeFilter(balance_at)
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
order by 1, 2
