-- One row per provider and source: lines that do not match, by the class of their difference.
select
  provider, source,
  count(*) filter (where class = 'rounding') as rounding,
  count(*) filter (where class = 'tax') as tax,
  count(*) filter (where class = 'timing') as timing,
  count(*) filter (where class = 'uncertainty') as uncertainty,
  count(*) filter (where class = 'quantity') as quantity,
  count(*) filter (where class = 'price') as price,
  count(*) filter (where class in ('missing here', 'missing there')) as missing,
  count(*) filter (where class = 'unexplained') as unexplained
from mart.rpt_reconciliation_difference
where verdict <> 'matched'
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
group by provider, source
order by count(*) filter (where verdict = 'needs a look') desc, count(*) desc, provider, source
