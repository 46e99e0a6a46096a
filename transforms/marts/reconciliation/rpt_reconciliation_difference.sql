-- One row per comparison of the last check: our figure beside the provider's own, with the class of
-- the difference and the resource that the line names, where it names one. `verdict`: matched,
-- explained (by rounding, tax, time or declared uncertainty), or to review.
select
  line.account_id,
  line.provider,
  line.month,
  line.source,
  line.line,
  line.measure,
  line.unit,
  resource.resource_id,
  coalesce(resource.name, line.line) as line_name,
  line.class,
  case
    when line.class = 'matched' then 'matched'
    when line.class in ('rounding', 'tax', 'timing', 'uncertainty') then 'explained'
    else 'to review'
  end as verdict,
  line.note,
  line.is_final,
  line.is_proof,

  line.ours,
  line.theirs,
  line.difference,
  line.uncertainty,
  line.quantity_difference,

  line.checked_at
from mart.reconciliation as line
-- A line begins with the resource's id: '0x12… last epoch', '12593 of 3whGLxqgD5 term of 2026-09-09'.
left join mart.dim_resource as resource
  on resource.account_id = line.account_id
  and resource.resource_id = split_part(line.line, ' ', 1)
  and resource.valid_to is null
