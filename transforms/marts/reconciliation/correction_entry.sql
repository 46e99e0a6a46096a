-- One row per ledger entry that changed what had been posted before (reversals, and what was posted in
-- their place), or that was first learnt of a month that was closed by then.
with reversal as not materialized (
  select
    charge.recorded_at, charge.run_id, run.books_open_from,
    charge.charge_id, charge.charge_key, charge.reverses_charge_id,
    charge.account_id, charge.provider, charge.resource_id, charge.meter, charge.charge_date,
    charge.entry,
    charge.billing_currency, charge.billed_cost, charge.reporting_currency, charge.reporting_cost,
    case
      -- A price with another first day, say, makes other charges of the same day.
      when charge.reason = 'withdrawn: the facts no longer support it' and exists (
        select from ledger.charge as instead
        where instead.account_id = charge.account_id and instead.resource_id = charge.resource_id
          and instead.charge_date = charge.charge_date and instead.run_id = charge.run_id
          and instead.reason = 'first entry' and instead.revision = 1
      ) then 'replaced by other charges'
      else charge.reason
    end as reason
  from ledger.charge
  join ledger.run using (run_id)
  where charge.reverses_charge_id is not null
),
replaced_day as (
  select distinct
    recorded_at, run_id, books_open_from, account_id, resource_id, charge_date, reason
  from reversal
  where reason = 'replaced by other charges'
),
posted_instead as (
  select
    day.recorded_at, day.run_id, day.books_open_from,
    charge.charge_id, charge.charge_key, charge.reverses_charge_id,
    charge.account_id, charge.provider, charge.resource_id, charge.meter, charge.charge_date,
    charge.entry,
    charge.billing_currency, charge.billed_cost, charge.reporting_currency, charge.reporting_cost,
    day.reason
  from replaced_day as day
  join ledger.charge
    on charge.account_id = day.account_id and charge.resource_id = day.resource_id
    and charge.charge_date = day.charge_date and charge.run_id = day.run_id
    and charge.reason = 'first entry' and charge.revision = 1
),
posted_again as (
  select
    charge.recorded_at, charge.run_id, run.books_open_from,
    charge.charge_id, charge.charge_key, charge.reverses_charge_id,
    charge.account_id, charge.provider, charge.resource_id, charge.meter, charge.charge_date,
    charge.entry,
    charge.billing_currency, charge.billed_cost, charge.reporting_currency, charge.reporting_cost,
    case when charge.reason = 'first entry' then 'posted again' else charge.reason end as reason
  from ledger.charge
  join ledger.run using (run_id)
  where charge.reverses_charge_id is null and charge.revision > 1
),
posted_late as (
  select
    run.clock_at as recorded_at, run.run_id, run.books_open_from,
    late.charge_id, late.charge_key, late.reverses_charge_id,
    late.account_id, late.provider, late.resource_id, late.meter, late.charge_date, late.entry,
    late.billing_currency, late.billed_cost, late.reporting_currency, late.reporting_cost,
    'learnt after the close' as reason
  from ledger.run
  -- Run by run, as the index `charge_late` has it: of most runs it is nothing.
  cross join lateral (
    select *
    from ledger.charge
    where charge.recorded_at = run.clock_at and charge.charge_date < run.books_open_from
      and charge.charge_date < date_trunc('month', charge.recorded_at at time zone 'UTC')
      and charge.run_id = run.run_id and charge.revision = 1 and charge.reverses_charge_id is null
    offset 0
  ) as late
  left join lateral (
    select true as is_there
    from ledger.charge as gone
    where gone.account_id = late.account_id and gone.resource_id = late.resource_id
      and gone.charge_date = late.charge_date and gone.run_id = late.run_id
      and gone.reason = 'withdrawn: the facts no longer support it'
    limit 1
  ) as withdrawal on true
  where withdrawal.is_there is null
)
select * from reversal
union all
select * from posted_instead
union all
select * from posted_again
union all
select * from posted_late
