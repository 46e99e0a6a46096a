-- Long: one row per proof and UTC month that the range touches. 0: agrees; 1: not compared; 2: open, the
-- provider's figure can still move; 3: uncertain; 4: differs.
select
  greatest(month::timestamp at time zone 'UTC', $__timeFrom()) as time,
  provider || ', ' || source as metric,
  max(array_position(array['agrees', 'not compared', 'open', 'uncertain', 'differs'], state)) - 1 as value
from mart.rpt_reconciliation
where is_proof
  and $__filtered(provider, account)
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
group by month, provider, source
order by 1, 2
