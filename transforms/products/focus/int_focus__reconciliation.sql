-- Reconciliation with the files themselves, in the columns of the contract: one row per seller, billing period
-- and currency of an account, what the ledger holds beside what the delivered rows add up to. Each row of a
-- file has at most half a unit of the ledger's last digit of rounding, and the rest is posted: none is left.
with charged as (
  select
    account_id, provider, billing_currency,
    case
      when charge_key like 'focus/%' then split_part(charge_key, '/', 2)::date
      else charge_date
    end as billing_period_date,
    sum(billed_cost) as billed_cost
  from intermediate.known_charge
  where provider like 'focus-%'
  group by 1, 2, 3, 4
),
stated as (
  select
    account_id, provider, billing_currency, billing_period_date,
    sum(exact_cost) as billed_cost,
    array_agg(version_id order by version_id) as source_versions
  from (
    select
      account_id, provider, billing_currency, billing_period_date, slice,
      round(sum(billed_cost), 9) as exact_cost,
      min(version_id) as version_id
    from staging.stg_focus__sum
    where ended_at is null
    group by account_id, provider, billing_currency, billing_period_date, slice
  ) as delivered
  group by account_id, provider, billing_currency, billing_period_date
)
select
  account_id,
  provider,
  date_trunc('month', billing_period_date::timestamp)::date as month,
  'delivered files' as source,
  format('billing period of %s', billing_period_date) as line,
  'money' as measure,
  billing_currency as unit,
  charged.billed_cost as ours,
  stated.billed_cost as theirs,
  0::numeric as uncertainty,
  0::numeric as rounding,
  0::numeric as tax,
  null::numeric as quantity_difference,
  -- What landed and was not transformed yet is no difference.
  not exists (
    select from landing.change
    where change.account_id = coalesce(stated.account_id, charged.account_id)
      and change.entity = 'focus.charge'
  ) as is_final,
  true as is_proof,
  null::text as note,
  coalesce(stated.source_versions, '{}') as source_versions
from stated
full join charged using (account_id, provider, billing_currency, billing_period_date)
