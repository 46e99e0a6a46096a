-- One row: what is left of the balances that are told, in the reporting currency.
select sum(wallet.balance * rate.rate) as "Balance"
from mart.rpt_wallet as wallet
join mart.rpt_current_rate as rate on rate.currency = wallet.billing_currency
where wallet.provider in (${provider:sqlstring}) and wallet.account_id in (${account:sqlstring})
