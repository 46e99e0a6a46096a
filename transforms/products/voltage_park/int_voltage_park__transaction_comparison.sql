-- Reconciliation with the transactions, in the columns of the contract: one row per resource and
-- month (what the ledger holds as billed beside the month's report), one per resource and month with
-- estimates (which no transaction charges), and one per resource and month in which transactions
-- were completed (their parts in all months beside their totals in the log).
with charged as (
  select
    account_id, resource_id, date_trunc('month', charge_date::timestamp)::date as month,
    sum(billed_cost) filter (where basis = 'billed') as cost_usd,
    sum(uncertainty) filter (where basis = 'billed') as uncertainty_usd,
    sum(billed_cost) filter (where basis = 'derived') as estimate_usd
  from intermediate.known_charge
  where provider = 'voltage-park'
  group by account_id, resource_id, date_trunc('month', charge_date::timestamp)::date
),
billed as (
  select * from charged where cost_usd is not null
),
reported as (
  select
    account_id, resource_id, (month_start_at at time zone 'UTC')::date as month,
    sum(direction * magnitude_usd) as cost_usd,
    array_agg(version_id order by record_key) as versions
  from intermediate.int_voltage_park__current_part
  where kind <> 'deposit'
  group by account_id, resource_id, (month_start_at at time zone 'UTC')::date
),
pending as (
  select distinct account_id, (slice || '-01')::date as month
  from landing.change
  where entity = 'voltage_park.report_transaction'
),
completed as (
  select
    whole.account_id, whole.version_id, whole.record_key, whole.total_usd,
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
part as (
  select
    account_id, record_key,
    min(resource_id collate "C") as resource_id,
    sum(-effect_usd) as sum_usd,
    min(-balance_sign) as cost_sign,
    count(*) as parts,
    bool_and(closed_at is not null or kind = 'other') as is_closed
  from intermediate.int_voltage_park__current_part
  where kind <> 'deposit'
  group by account_id, record_key
),
added_up as (
  select completed.account_id, completed.month, completed.version_id,
    part.cost_sign * completed.total_usd as total_usd,
    part.resource_id, part.sum_usd, part.parts
  from completed
  join part using (account_id, record_key)
  where part.parts = completed.months and part.is_closed
),
-- What no transaction charges is open until the month is final and its report was read to its end.
estimate as (
  select charged.*,
    coalesce(
      state.clock_at >= span.month_end_at + interval '31 days'
        and look.complete_at >= span.month_end_at,
      false
    ) as is_final
  from charged
  cross join mart.transform_state as state
  cross join lateral (
    select (charged.month + interval '1 month') at time zone 'UTC' as month_end_at
  ) as span
  left join staging.stg_voltage_park__look as look
    on look.account_id = charged.account_id and look.stream = 'voltage_park.monthly_report'
    and look.slice = to_char(charged.month, 'YYYY-MM')
  where charged.estimate_usd is not null
)
select
  account_id,
  'voltage-park' as provider,
  month,
  'transactions' as source,
  resource_id as line,
  'money' as measure,
  'USD' as unit,
  billed.cost_usd as ours,
  reported.cost_usd as theirs,
  coalesce(billed.uncertainty_usd, 0) as uncertainty,
  0::numeric as rounding,
  0::numeric as tax,
  null::numeric as quantity_difference,
  pending.month is null as is_final,
  true as is_proof,
  null::text as note,
  coalesce(reported.versions, '{}') as source_versions
from billed
full join reported using (account_id, resource_id, month)
left join pending using (account_id, month)
union all
select
  account_id,
  'voltage-park',
  month,
  'estimates',
  resource_id,
  'money',
  'USD',
  estimate_usd,
  null,
  0,
  0,
  0,
  null,
  is_final,
  is_final,
  'Estimated from the machine''s own rate: no transaction charges it.',
  '{}'
from estimate
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
