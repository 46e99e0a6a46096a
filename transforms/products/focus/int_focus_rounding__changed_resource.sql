-- Which rests of rounding a batch of landing changes touches: one row per changed sum.
select
  sum.account_id,
  sum.resource_id,
  sum.billing_period_date::timestamp at time zone 'UTC' as from_at
from taken_change
join staging.stg_focus__sum as sum using (version_id)
where taken_change.entity = 'focus.sum'
