-- One row: what runs on prepaid accounts costs per hour, in the reporting currency.
select sum(wallet.burn_per_hour * rate.rate) as "Burn"
from mart.rpt_wallet as wallet
join mart.rpt_current_rate as rate on rate.currency = wallet.billing_currency
where wallet.provider in (${provider:sqlstring}) and wallet.account_id in (${account:sqlstring})
