-- One row per boundary of epochs to come and currency: what is charged then.
select
  next_charge_at,
  min(hours_left) as hours_left,
  count(*) as resources,
  sum(next_charge) as next_charge,
  sum(unused_amount) as unused_amount,
  sum(reserved_amount) as reserved_amount,
  billing_currency
from mart.rpt_epoch_clock
where $__filtered(provider, account)
group by next_charge_at, billing_currency
order by next_charge_at, billing_currency
limit 100
