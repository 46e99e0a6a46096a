-- One row per version of an instance type's hardware. The documents print `gpu` only as null: an
-- object, a list of objects and a bare name are read alike; a name may begin with how many there
-- are (`4x NVIDIA RTX 4000 Ada`). Memory sizes are GiB, as RAM is sold.
with plan as (
  select
    version.*,
    version.payload -> 'hardwareDetails' as hardware,
    version.payload -> 'hardwareDetails' -> 'gpu' as gpu
  from landing.version as version
  where version.entity = 'flexmetal.plan'
)
select
  plan.account_id,
  plan.slice,
  plan.record_key,
  plan.version_id,

  plan.payload ->> 'name' as sku,
  plan.hardware -> 'cpu' ->> 'name' as cpu_model,
  gpu.model as gpu_model,

  (plan.hardware -> 'cpu' ->> 'totalCores')::numeric as core_count,
  substring(plan.hardware -> 'memory' ->> 'size' from '^\d{1,9}(?:\.\d{1,3})?')::numeric
    as memory_gib,
  coalesce(gpu.quantity, 0) as gpu_count,

  plan.seen_from,
  plan.seen_to,
  plan.ended_at,
  plan.ended_because
from plan
left join lateral (
  select
    sum(case when number ~ '^\d{1,4}$' then number::integer else 1 end)::integer as quantity,
    min(model) as model
  from (
    select
      coalesce(
        device ->> 'count', device ->> 'quantity', substring(told.name from '^(\d+) ?x ')
      ) as number,
      regexp_replace(told.name, '^\d+ ?x ', '') as model
    from jsonb_array_elements(
      case jsonb_typeof(plan.gpu)
        when 'array' then plan.gpu
        when 'object' then jsonb_build_array(plan.gpu)
        when 'string' then jsonb_build_array(plan.gpu)
      end
    ) as device
    cross join lateral (
      select coalesce(
        device ->> 'name', device ->> 'model', device ->> 'type', device #>> '{}'
      ) as name
    ) as told
  ) as listed
) as gpu on true
