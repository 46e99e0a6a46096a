-- One row per account, currency and step of time in which its balance was reported anew: the last one
-- reported.
select
  $__timeGroupAlias(balance_at, $__interval),
  account_id || ' (' || provider || ', ' || billing_currency || ')' as metric,
  (array_agg(balance order by balance_at desc))[1] as value
from mart.rpt_wallet_history
where $__timeFilter(balance_at)
  and $__filtered(provider, account)
group by 1, 2
order by 1, 2
