-- One row per provider, source of the proof and UTC month in range: whether the two agree.
select
  provider || ', ' || source as "Proof",
  to_char(month, 'YYYY-MM') as "Month",
  case max(case state when 'differs' then 3 when 'agrees' then 2 else 1 end)
    when 3 then 'differs' when 2 then 'agrees' else 'open'
  end as "State"
from mart.rpt_reconciliation
where is_proof
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
group by provider, source, month
order by provider, source, month
