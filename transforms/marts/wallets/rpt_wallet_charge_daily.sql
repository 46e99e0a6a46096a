-- One row per UTC day, prepaid account and billing currency: what was charged to its balance,
-- billed, in that currency and in the reporting one. Whole accounts: nothing is split among teams
-- here.
select
  daily.cost_date,
  dimension.account_id,
  dimension.provider,
  dimension.billing_currency,
  sum(daily.billed_cost) as billed_cost,
  sum(daily.reporting_cost) as reporting_cost
from mart.cost_dimension as dimension
join mart.cost_dimension_daily as daily using (dimension_id)
where dimension.account_id in (select wallet.account_id from intermediate.wallet as wallet)
group by daily.cost_date, dimension.account_id, dimension.provider, dimension.billing_currency
