-- One row per UTC day and direction, in the reporting currency: charges of prepaid accounts below
-- zero.
select $__timeGroupAlias(cost_date, $__interval), 'charged' as metric, -sum(reporting_cost) as value
from mart.rpt_wallet_charge_daily
where $__timeFilter(cost_date)
  and $__filtered(provider, account)
group by 1
union all
select $__timeGroupAlias(movement_date, $__interval), 'topped up', sum(amount * rate)
from mart.rpt_wallet_movement as movement
join mart.rpt_exchange_rate as rate
  on rate.currency = movement.billing_currency and rate.valid_from <= movement.movement_date
  and (rate.valid_to is null or movement.movement_date < rate.valid_to)
where $__timeFilter(movement_date)
  and $__filtered(provider, account)
group by 1
order by 1, 2
