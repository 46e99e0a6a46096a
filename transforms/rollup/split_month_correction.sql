-- The daily facts of open statements that are of an earlier month in `split_month`.
select fact.*
from mart.fct_cost_daily as fact
where fact.statement_month >= (select ledger.books_open_from())
  and fact.statement_month > fact.cost_date
  and date_trunc('month', fact.cost_date::timestamp)::date in (select cost_month from split_month)
