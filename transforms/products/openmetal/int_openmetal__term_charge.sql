-- One row per charge that is in a shown billing term of a cloud: it begins within the term. What
-- nodes and IP blocks cost without a bill is in no term.
select
  term.account_id,
  term.cloud_id,
  term.term_key,
  charge.resource_id,
  charge.charge_category,

  charge.quantity,
  charge.usage_hours,
  charge.unit_price,
  charge.billed_cost,
  charge.uncertainty,

  charge.charge_period_start,
  charge.charge_period_end
from intermediate.known_charge as charge
join intermediate.int_openmetal__shown_term as term
  on term.account_id = charge.account_id
  and term.cloud_id = split_part(charge.charge_key, '/', 2)
  and charge.charge_period_start >= term.term_starts_at
  and charge.charge_period_start < term.term_ends_at
where charge.provider = 'openmetal'
  and charge.charge_key not like 'openmetal\_unread/%'
