-- One row: what the epochs cost that begin in the next 24 hours, and what the terms cost that follow
-- the running ones; in the reporting currency.
select
  (
    select sum(charge.next_charge * rate.rate)
    from mart.rpt_epoch_clock as charge
    join mart.rpt_current_rate as rate on rate.currency = charge.billing_currency
    where charge.hours_left <= 24
      and charge.provider in (${provider:sqlstring})
      and charge.account_id in (${account:sqlstring})
  ) as "Epochs in 24 h",
  (
    select sum(term.next_term_cost * rate.rate)
    from mart.rpt_term as term
    join mart.rpt_current_rate as rate on rate.currency = term.billing_currency
    where term.provider in (${provider:sqlstring}) and term.account_id in (${account:sqlstring})
  ) as "Next terms"
