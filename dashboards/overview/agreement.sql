-- One row per provider: how its own figures of the last three months compare with ours.
select
  provider,
  sum(lines) as lines,
  sum(lines_matched + lines_explained) / nullif(sum(lines), 0)::numeric as share_agreeing,
  sum(lines_unexplained) filter (where is_proof) as lines_unexplained,
  max(checked_at) as checked_at
from mart.rpt_reconciliation
where month >= (mart.this_month() - interval '2 months')::date
  and provider in (${provider:sqlstring})
group by provider
order by provider
