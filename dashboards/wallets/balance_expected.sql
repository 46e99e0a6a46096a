-- Two rows per account whose balance is reported and falls: now, and where it will be gone.
select
  point.at as time,
  wallet.account_id || ' (' || wallet.provider || ', ' || wallet.billing_currency
    || ') at this pace' as metric,
  point.balance as value
from mart.rpt_wallet as wallet
cross join lateral (
  values (wallet.looked_at, wallet.balance), (wallet.runs_dry_at, 0::numeric)
) as point (at, balance)
where wallet.runs_dry_at > wallet.looked_at and wallet.looked_at <= $__timeTo()
  and wallet.provider in (${provider:sqlstring}) and wallet.account_id in (${account:sqlstring})
order by 1, 2
