-- One row per ledger entry or accrual (charge_id null) and UTC day that it is shared over, cut as the
-- statements cut it, so that the days add up to the entry: a day of a closed month is stated in the first
-- month that was open when the entry was recorded. An accrual that was shown when a month of its days was
-- closed (its resource was set aside) is in that statement for good: it is taken back like an entry.
with accrual as (
  select
    account_id, charge_key, resource_id, meter, unit, charge_date, charge_period_start,
    charge_period_end, day_rule, quantity, billing_currency, billed_cost, reporting_cost,
    uncertainty, recorded_at, timestamptz 'infinity' as superseded_at
  from mart.accrual
  union all
  select
    account_id, charge_key, resource_id, meter, unit, charge_date, charge_period_start,
    charge_period_end, day_rule, quantity, billing_currency, billed_cost, reporting_cost,
    uncertainty, recorded_at, superseded_at
  from history.accrual as former
  where exists (
    select
    from ledger.closed_month as closed
    where closed.closed_at >= former.recorded_at and closed.closed_at < former.superseded_at
      and former.charge_date < closed.month + interval '1 month'
  )
),
posting as (
  select
    charge.charge_id, charge.run_id, charge.account_id, charge.charge_key, charge.revision,
    charge.entry, charge.resource_id, charge.meter, charge.unit, charge.charge_date,
    charge.charge_period_start, charge.charge_period_end, charge.day_rule, charge.quantity,
    charge.billing_currency, charge.billed_cost, charge.reporting_cost, charge.uncertainty,
    run.books_open_from
  from ledger.charge
  join ledger.run using (run_id)
  union all
  select
    null, null, accrual.account_id, accrual.charge_key, 1, side.entry, accrual.resource_id,
    accrual.meter, accrual.unit, accrual.charge_date, accrual.charge_period_start,
    accrual.charge_period_end, accrual.day_rule, side.sign * accrual.quantity,
    accrual.billing_currency, side.sign * accrual.billed_cost, side.sign * accrual.reporting_cost,
    side.sign * accrual.uncertainty,
    coalesce(
      (
        select (max(closed.month) + interval '1 month')::date
        from ledger.closed_month as closed
        where closed.closed_at < side.at
      ),
      '-infinity'
    )
  from accrual
  cross join lateral (
    values
      ('charge', 1, accrual.recorded_at),
      ('reversal', -1, accrual.superseded_at)
  ) as side (entry, sign, at)
  where side.at < 'infinity'
)
select
  posting.charge_id, posting.run_id, posting.account_id, posting.charge_key, posting.revision,
  posting.entry, posting.resource_id, posting.meter, posting.unit, posting.billing_currency,
  day.cost_date,
  date_trunc('month', day.cost_date::timestamp)::date as cost_month,
  greatest(date_trunc('month', day.cost_date::timestamp)::date, posting.books_open_from)
    as statement_month,
  posting.billed_cost as entry_cost,
  mart.share_of(posting.quantity, day.before, day.upto) as quantity,
  mart.share_of(posting.billed_cost, day.before, day.upto) as billed_cost,
  mart.share_of(posting.reporting_cost, day.before, day.upto) as reporting_cost,
  mart.share_of(posting.uncertainty, day.before, day.upto) as uncertainty
from posting
cross join lateral ledger.days_of_charge(
  posting.day_rule, posting.charge_date, posting.charge_period_start, posting.charge_period_end
) as day
