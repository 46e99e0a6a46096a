-- Reconciliation with the transactions, in the columns of the contract: one row per resource and
-- month (the ledger beside the month's report), and one per resource and month in which
-- transactions were completed (their parts in all months beside their totals in the log).
with charged as (
  select
    account_id, resource_id, date_trunc('month', charge_date::timestamp)::date as month,
    sum(billed_cost) as cost_usd,
    sum(uncertainty) as uncertainty_usd,
    bool_or(basis = 'derived') as is_estimated,
    bool_or(basis = 'derived' and charge_id is null) as is_growing
  from intermediate.known_charge
  where provider = 'voltage-park'
  group by account_id, resource_id, date_trunc('month', charge_date::timestamp)::date
),
reported as (
  select
    account_id, resource_id, (month_start_at at time zone 'UTC')::date as month,
    sum(direction * magnitude_usd) as cost_usd,
    array_agg(version_id order by record_key) as versions
  from intermediate.int_voltage_park__billed_part
  where ended_at is null
  group by account_id, resource_id, (month_start_at at time zone 'UTC')::date
),
pending as (
  select distinct account_id, (slice || '-01')::date as month
  from landing.change
  where entity = 'voltage_park.report_transaction'
),
completed as (
  select
    whole.account_id, whole.version_id, whole.record_key, abs(whole.total_usd) as total_usd,
    date_trunc('month', whole.completed_at at time zone 'UTC')::date as month,
    1 + extract(year from span.last_at) * 12 + extract(month from span.last_at)
      - extract(year from span.first_at) * 12 - extract(month from span.first_at) as months
  from staging.stg_voltage_park__transaction as whole
  cross join lateral (
    select
      whole.created_at at time zone 'UTC' as first_at,
      greatest(whole.created_at, whole.completed_at - interval '1 microsecond')
        at time zone 'UTC' as last_at
  ) as span
  where whole.ended_at is null and whole.completed_at is not null
    and whole.total_usd is not null
),
-- Only where every month of a transaction was read, and after its end.
added_up as (
  select completed.account_id, completed.month, completed.version_id, completed.total_usd,
    part.resource_id, part.sum_usd, part.parts
  from completed
  cross join lateral (
    select min(one.resource_id) as resource_id, sum(one.magnitude_usd) as sum_usd,
      count(*) as parts, bool_and(one.closed_at is not null or one.kind = 'other') as is_closed
    from intermediate.int_voltage_park__billed_part as one
    where one.account_id = completed.account_id and one.record_key = completed.record_key
      and one.ended_at is null
  ) as part
  where part.parts = completed.months and part.is_closed
)
select
  account_id,
  'voltage-park' as provider,
  month,
  'transactions' as source,
  resource_id as line,
  'money' as measure,
  'USD' as unit,
  charged.cost_usd as ours,
  reported.cost_usd as theirs,
  coalesce(charged.uncertainty_usd, 0) as uncertainty,
  0::numeric as rounding,
  0::numeric as tax,
  null::numeric as quantity_difference,
  pending.month is null and not coalesce(charged.is_growing, false) as is_final,
  true as is_proof,
  case when charged.is_estimated then 'Part of it is estimated: no transaction covers it.' end
    as note,
  coalesce(reported.versions, '{}') as source_versions
from charged
full join reported using (account_id, resource_id, month)
left join pending using (account_id, month)
union all
select
  account_id,
  'voltage-park',
  month,
  'transaction log',
  resource_id,
  'money',
  'USD',
  sum(sum_usd),
  sum(total_usd),
  0,
  sum(0.000001 * (parts + 1)),
  0,
  null,
  true,
  true,
  'Transactions completed in the month: their parts in all months, and their totals.',
  array_agg(version_id order by version_id)
from added_up
group by account_id, resource_id, month
