-- One row per observation whose counter is higher than it was known to be, with the amount charged
-- since.
select
  observation.*,
  observation.total_spent - coalesce(observation.former_total_spent, 0) as amount
from intermediate.int_fluence__observation as observation
where observation.total_spent > coalesce(observation.former_total_spent, 0)
