-- One row per account, provider, closed UTC month and currency whose costs turned out otherwise in the
-- last 24 hours. `value`: how much money moved, the net amounts of its resources added up without
-- their signs. The month's statement stands; the open month states the difference.
with run as (
  select run.run_id, run.books_open_from
  from ledger.run
  cross join mart.rpt_clock as clock
  where run.clock_at > clock.clock_at - interval '24 hours' and run.clock_at <= clock.clock_at
),
moved as (
  select
    charge.account_id, charge.provider, charge.resource_id, charge.billing_currency,
    to_char(charge.charge_date, 'YYYY-MM') as month,
    sum(charge.billed_cost) as net_cost
  from run
  join ledger.charge using (run_id)
  where charge.charge_date < run.books_open_from
  group by charge.account_id, charge.provider, charge.resource_id, charge.billing_currency,
    to_char(charge.charge_date, 'YYYY-MM')
)
select
  account_id,
  provider,
  month,
  billing_currency as currency,
  sum(abs(net_cost)) as value
from moved
group by account_id, provider, month, billing_currency
