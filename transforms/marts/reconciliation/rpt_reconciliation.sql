-- One row per account, provider, UTC month, source, measure and unit of the last check: how many
-- comparisons there are, and the sum of the proofs' differences that nothing explains, beside the largest
-- sum that FOCUS 1.4 would let pass (100 subunits, or half a subunit times the root of the lines).
-- `lines_open` (among the explained ones): the provider's figure can still move; the `compared` sums
-- leave them out.
--
-- `state`: agrees where two figures were compared and were equal, apart from rounding and tax; uncertain
-- where only the uncertainty that the ledger declares explains the difference; open while one of the
-- provider's figures can still move; not compared where the provider has no figure; differs beyond the
-- tolerance, and always where we have nothing of an amount that the provider states.
with grouped as (
  select
    account_id, provider, month, source, measure, unit,
    bool_or(is_proof) as is_proof,
    max(checked_at) as checked_at,
    count(*) as lines,
    count(*) filter (where class = 'matched') as lines_matched,
    count(*) filter (where class in ('rounding', 'tax', 'timing', 'uncertainty'))
      as lines_explained,
    count(*) filter (where class = 'timing') as lines_open,
    count(*) filter (where class <> 'timing' and theirs is not null) as lines_compared,
    count(*) filter (
      where class in ('quantity', 'price', 'missing here', 'missing there', 'unexplained')
    ) as lines_unexplained,
    sum(coalesce(ours, 0)) as ours,
    sum(coalesce(theirs, 0)) as theirs,
    coalesce(sum(ours) filter (where class <> 'timing'), 0) as compared_ours,
    coalesce(sum(theirs) filter (where class <> 'timing'), 0) as compared_theirs,
    coalesce(sum(abs(difference)) filter (
      where is_proof
        and class in ('quantity', 'price', 'missing here', 'missing there', 'unexplained')
    ), 0) as unexplained,
    coalesce(sum(abs(difference)) filter (
      where class in ('rounding', 'tax', 'timing', 'uncertainty')
    ), 0) as explained,
    coalesce(sum(abs(difference)) filter (where class = 'uncertainty'), 0) as uncertain
  from mart.reconciliation
  group by account_id, provider, month, source, measure, unit
),
bounded as (
  select
    grouped.*,
    -- Nothing is no figure that a tolerance is due to.
    case when measure = 'money' and (compared_ours <> 0 or compared_theirs = 0)
      then greatest(1, round(sqrt(lines::numeric) * 0.005, 9)) else 0 end as tolerance
  from grouped
),
judged as (
  select bounded.*, is_proof and unexplained > tolerance as is_failing from bounded
)
select
  judged.*,
  case
    when is_failing then 'differs'
    when lines_open > 0 then 'open'
    when lines_compared = 0 then 'not compared'
    when uncertain > tolerance then 'uncertain'
    else 'agrees'
  end as state
from judged
