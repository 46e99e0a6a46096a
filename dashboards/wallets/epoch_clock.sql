-- One row per machine that is charged by the epoch, those that are due first.
select
  resource_name, resource_id, account_id, sku, region_name, next_charge_at, hours_left, next_charge,
  unused_amount, reserved_amount, billing_currency
from mart.rpt_epoch_clock
where $__filtered(provider, account)
order by next_charge_at, next_charge desc, resource_name
limit 200
