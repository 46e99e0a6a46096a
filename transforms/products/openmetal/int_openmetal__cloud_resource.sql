-- One row per cloud and resource that ever was, or might have been, charged on it, with the
-- earliest instant that a charge of it can have: assets, nodes and IP blocks (charged until a first
-- bill is shown) and the discount.
select
  account_id,
  cloud_id,
  resource_id,

  min(created_at) as charged_from,
  -- When it was removed last: what it costs from then on follows from the bill's total.
  max(removed_at) as removed_at
from intermediate.int_openmetal__asset_stay
group by account_id, cloud_id, resource_id
union all
select account_id, cloud_id, node_id, min(assigned_at), null
from staging.stg_openmetal__node
group by account_id, cloud_id, node_id
union all
select account_id, cloud_id, prefix_id, min(created_at), null
from staging.stg_openmetal__prefix
where is_billable
group by account_id, cloud_id, prefix_id
union all
select account_id, cloud_id, cloud_id || '/discount', min(activated_at), null
from staging.stg_openmetal__subscription
where activated_at is not null
group by account_id, cloud_id
