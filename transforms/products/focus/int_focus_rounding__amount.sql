-- One row per delivery, billing period, seller and currency: what the ledger's nine digits leave of the exact
-- sums when each row is rounded by itself.
select
  sum.account_id,
  sum.resource_id,
  min(sum.provider collate "C") as provider,
  min(sum.provider_name collate "C") as provider_name,
  min(sum.billing_currency collate "C") as billing_currency,
  min(sum.billing_period_date) as billing_period_date,
  round(sum(sum.billed_cost), 9) - sum(sum.rounded_billed_cost) as billed_cost,
  round(sum(sum.effective_cost), 9) - sum(sum.rounded_effective_cost) as effective_cost,
  round(sum(sum.contracted_cost), 9) - sum(sum.rounded_contracted_cost) as contracted_cost,
  round(sum(sum.list_cost), 9) - sum(sum.rounded_list_cost) as list_cost,
  array_agg(sum.version_id order by sum.version_id) as source_versions
from staging.stg_focus__sum as sum
where sum.ended_at is null
group by sum.account_id, sum.resource_id
having (
  round(sum(sum.billed_cost), 9), round(sum(sum.effective_cost), 9),
  round(sum(sum.contracted_cost), 9), round(sum(sum.list_cost), 9)
) <> (
  sum(sum.rounded_billed_cost), sum(sum.rounded_effective_cost),
  sum(sum.rounded_contracted_cost), sum(sum.rounded_list_cost)
)
