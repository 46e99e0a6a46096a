-- One row per provider and source: lines that do not match, by the class of their difference.
select
  provider || ', ' || source as "Source",
  count(*) filter (where class = 'rounding') as "Rounding",
  count(*) filter (where class = 'tax') as "Tax",
  count(*) filter (where class = 'timing') as "Timing",
  count(*) filter (where class = 'uncertainty') as "Uncertainty",
  count(*) filter (where class = 'quantity') as "Quantity",
  count(*) filter (where class = 'price') as "Price",
  count(*) filter (where class in ('missing here', 'missing there')) as "Missing",
  count(*) filter (where class = 'unexplained') as "Unexplained"
from mart.rpt_reconciliation_difference
where verdict <> 'matched'
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
group by provider, source
order by count(*) desc
