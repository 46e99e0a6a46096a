-- One row per charge that stands in a billing term of a cloud, found by the cloud and the term's
-- first UTC day in its key. What nodes cost without a bill is in no term.
select
  charge.account_id,
  split_part(charge.charge_key, '/', 2) as cloud_id,
  split_part(
    charge.charge_key, '/', case charge.meter when 'term-discount' then -1 else -2 end
  )::date as term_date,
  charge.resource_id,
  charge.charge_category,

  charge.quantity,
  charge.usage_hours,
  charge.unit_price,
  charge.billed_cost,

  charge.charge_period_start,
  charge.charge_period_end
from intermediate.known_charge as charge
where charge.provider = 'openmetal'
  and not exists (
    select from staging.stg_openmetal__node as node
    where node.account_id = charge.account_id and node.record_key = charge.resource_id
  )
