-- One row per UTC day, prepaid account and billing currency: what was charged to its balance,
-- billed, in that currency and in the reporting one. Whole accounts: nothing is split among teams
-- here.
select
  daily.cost_date,
  slice.account_id,
  slice.provider,
  slice.billing_currency,
  sum(daily.billed_cost) as billed_cost,
  sum(daily.reporting_cost) as reporting_cost
from mart.cost_slice as slice
join mart.cost_slice_daily as daily using (slice_id)
where slice.account_id in (select wallet.account_id from intermediate.wallet as wallet)
group by daily.cost_date, slice.account_id, slice.provider, slice.billing_currency
