-- The daily facts that are stated in open months.
select * from mart.fct_cost_daily where statement_month >= (select ledger.books_open_from())
