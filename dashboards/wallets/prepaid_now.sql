-- One row: what is left of the balances that are reported, what runs on prepaid accounts costs per hour,
-- and what providers hold back for machines; in the reporting currency.
select
  sum(wallet.balance * rate.rate) as "Balance",
  sum(wallet.burn_per_hour * rate.rate) as "Burn per hour",
  sum(wallet.reserved_amount * rate.rate) as "Reserved"
from mart.rpt_wallet as wallet
join mart.rpt_current_rate as rate on rate.currency = wallet.billing_currency
where wallet.provider in (${provider:sqlstring}) and wallet.account_id in (${account:sqlstring})
