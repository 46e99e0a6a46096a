-- One row per account, provider, UTC month, source, measure and unit of the last check: how many
-- comparisons there are, and the sum of the proofs' differences that nothing explains, beside the largest
-- sum that FOCUS 1.4 would let pass (100 subunits, or half a subunit times the root of the lines).
-- `lines_open` (among the explained ones): the provider's figure can still move; the `compared` sums
-- leave them out. `state`: differs, agrees, or open while there is nothing to compare.
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
    ), 0) as explained
  from mart.reconciliation
  group by account_id, provider, month, source, measure, unit
),
bounded as (
  select
    grouped.*,
    case measure when 'money' then greatest(1, round(sqrt(lines::numeric) * 0.005, 9)) else 0 end
      as tolerance
  from grouped
)
select
  bounded.*,
  is_proof and unexplained > tolerance as is_failing,
  case
    when is_proof and unexplained > tolerance then 'differs'
    when lines_open = lines then 'open'
    else 'agrees'
  end as state
from bounded
