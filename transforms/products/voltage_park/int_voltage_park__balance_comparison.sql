-- Reconciliation with the balances of the monthly reports: rows per account and month, in the
-- columns of the contract. Every figure of a month comes from one answer, so that a month which
-- still runs proves as much as one that is over. Amounts are reported with six decimals.
with month as (
  select
    balance.*,
    0.000001 * (balance.transactions + 1) as rounding_usd,
    look.complete_at,
    lead(balance.opening_balance_usd) over following as next_opening_usd,
    lead(balance.version_id) over following as next_version_id,
    (balance.month_start_at at time zone 'UTC' + interval '1 month') at time zone 'UTC'
      as month_end_at,
    lead(balance.month_start_at) over following as next_start_at
  from intermediate.int_voltage_park__month_balance as balance
  join staging.stg_voltage_park__look as look
    on look.account_id = balance.account_id and look.slice = balance.slice
    and look.stream = 'voltage_park.monthly_report'
  window following as (partition by balance.account_id order by balance.month_start_at)
),
-- Estimates are left out: the balance knows what was billed until the sync. A direction that the
-- balance does not prove explains no difference from it.
billed as (
  select account_id, date_trunc('month', charge_date::timestamp)::date as month,
    sum(billed_cost) as cost_usd,
    sum(uncertainty) filter (where price_source = 'unclassified') as uncertainty_usd
  from intermediate.known_charge
  where provider = 'voltage-park' and basis = 'billed'
  group by account_id, date_trunc('month', charge_date::timestamp)::date
),
moved as (
  select movement.account_id, version.slice, sum(movement.amount) as amount_usd
  from ledger.wallet_movement as movement
  join landing.version on version.version_id = movement.source_versions[1]
  where movement.provider = 'voltage-park'
  group by movement.account_id, version.slice
),
compared as (
  select month.*, comparison.*
  from month
  left join moved using (account_id, slice)
  left join billed on billed.account_id = month.account_id
    and billed.month = (month.month_start_at at time zone 'UTC')::date
  cross join lateral (
    values
      (
        'opening and change', opening_balance_usd + change_usd, closing_balance_usd,
        0::numeric, 0.000001, true, null
      ),
      (
        'sum of transactions', effect_usd, change_usd, 0, rounding_usd, true,
        case sign_evidence
          when 'none' then 'Neither reading of the signs explains the change of balance.' end
      ),
      (
        'closing and next opening', closing_balance_usd, next_opening_usd, 0, 0.000001,
        complete_at >= month_end_at, null
      ),
      (
        'ledger', coalesce(moved.amount_usd, 0) - coalesce(billed.cost_usd, 0), change_usd,
        coalesce(billed.uncertainty_usd, 0), rounding_usd,
        not exists (
          select from landing.change
          where change.account_id = month.account_id
            and change.entity = 'voltage_park.report_transaction' and change.slice = month.slice
        ),
        'Deposits minus billed cost; what is estimated since the look is left out.'
      )
  ) as comparison (line, ours, theirs, uncertainty_usd, line_rounding_usd, is_final, note)
  where comparison.line <> 'closing and next opening' or next_start_at = month_end_at
)
select
  account_id,
  'voltage-park' as provider,
  (month_start_at at time zone 'UTC')::date as month,
  'balance' as source,
  line,
  'money' as measure,
  'USD' as unit,
  ours,
  theirs,
  uncertainty_usd as uncertainty,
  line_rounding_usd as rounding,
  0::numeric as tax,
  null::numeric as quantity_difference,
  is_final,
  true as is_proof,
  note,
  array_remove(
    array[version_id, case line when 'closing and next opening' then next_version_id end], null
  ) as source_versions
from compared
