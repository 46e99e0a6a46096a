-- One row per closed UTC month: when it was closed, after which run, in which reporting currency.
select month, closed_at, last_run_id, reporting_currency, is_forced from ledger.closed_month
