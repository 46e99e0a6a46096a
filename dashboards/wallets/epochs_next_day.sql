-- One row: what the epochs cost that begin in the next 24 hours, in the reporting currency.
select sum(charge.next_charge * rate.rate) as "Next epochs"
from mart.rpt_epoch_clock as charge
join mart.rpt_current_rate as rate on rate.currency = charge.billing_currency
where charge.hours_left <= 24
  and charge.provider in (${provider:sqlstring}) and charge.account_id in (${account:sqlstring})
