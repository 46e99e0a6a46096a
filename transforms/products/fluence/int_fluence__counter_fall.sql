-- One row per observation whose counter or next billing instant is lower than was known before:
-- a lagging copy, a refund, a counter or id used again, another unit. Nothing is booked below what
-- was charged before, so each row must be explained by a person.
select
  observation.account_id,
  observation.resource_id,
  observation.version_id,
  observation.former_version_id,
  observation.currency,
  observation.former_total_spent,
  observation.total_spent,
  observation.former_next_billing_at,
  observation.next_billing_at,
  observation.seen_from
from intermediate.int_fluence__observation as observation
where observation.total_spent < observation.former_total_spent
  or observation.next_billing_at < observation.former_next_billing_at - interval '12 hours'
