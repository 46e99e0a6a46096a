-- Long: one row per proof and UTC month that the range touches. 0: open, the provider has not reported its
-- figure yet; 1: agrees; 2: differs.
select
  greatest(month::timestamp at time zone 'UTC', $__timeFrom()) as time,
  provider || ', ' || source as metric,
  max(array_position(array['open', 'agrees', 'differs'], state)) - 1 as value
from mart.rpt_reconciliation
where is_proof
  and $__filtered(provider, account)
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
group by month, provider, source
order by 1, 2
