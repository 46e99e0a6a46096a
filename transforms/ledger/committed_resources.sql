-- Commitments, which a changed contract or price touches: one row per product's committed resource and
-- interval.
-- Input resource_state: one product's resources.
insert into changed_resource (account_id, resource_id, from_at)
select account_id, resource_id, started_at
from resource_state
where resource_type = 'Committed Capacity'
