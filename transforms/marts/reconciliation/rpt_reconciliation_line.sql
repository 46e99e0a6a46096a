-- One row per comparison of one of our figures with the provider's own: account, UTC month, source,
-- line and measure, with the class of the difference.
select
  line.account_id,
  line.provider,
  line.month,
  line.source,
  line.line,
  line.measure,
  line.unit,
  line.ours,
  line.theirs,
  coalesce(line.ours, 0) - coalesce(line.theirs, 0) as difference,
  case
    when line.ours is null and coalesce(line.theirs, 0) = 0 then 'matched'
    when line.theirs is null and coalesce(line.ours, 0) = 0 then 'matched'
    when line.ours = line.theirs then 'matched'
    when abs(gap.amount) <= line.rounding then 'rounding'
    when line.tax <> 0 and abs(gap.amount + line.tax) <= line.rounding then 'tax'
    when not line.is_final then 'timing'
    when abs(gap.amount) <= line.uncertainty then 'uncertainty'
    when line.theirs is null then 'missing there'
    when line.ours is null then 'missing here'
    when line.quantity_difference <> 0 or line.measure = 'hours' then 'quantity'
    when line.quantity_difference = 0 then 'price'
    else 'unexplained'
  end as class,
  line.uncertainty,
  line.rounding,
  line.tax,
  line.quantity_difference,
  line.is_final,
  line.is_proof,
  line.note,
  line.source_versions
from intermediate.reconciliation_line as line
cross join lateral (
  select coalesce(line.ours, 0) - coalesce(line.theirs, 0) as amount
) as gap
