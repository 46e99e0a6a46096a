-- One row: how many lines there are, and how many of them wait for the provider's final figure.
select
  coalesce(sum(lines - lines_open), 0) as "compared",
  coalesce(sum(lines_open), 0) as "still open"
from mart.rpt_reconciliation
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
