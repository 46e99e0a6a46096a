-- One row: what the terms cost that follow the running ones, in the reporting currency.
select sum(term.next_term_cost * rate.rate) as "Next terms"
from mart.rpt_term as term
join mart.rpt_current_rate as rate on rate.currency = term.billing_currency
where term.provider in (${provider:sqlstring}) and term.account_id in (${account:sqlstring})
