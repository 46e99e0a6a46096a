-- One row per provider, source, class and unit: the lines that do not match and by how much.
select
  provider, source, class, count(*) as lines, round(sum(abs(difference)), 2) as difference, unit
from mart.rpt_reconciliation_difference
where verdict <> 'matched'
  and $__filtered(provider, account)
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
group by provider, source, class, verdict, unit
order by verdict = 'to review' desc, count(*) desc, provider, source, class, unit
