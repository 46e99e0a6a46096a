-- One row per cloud and resource that ever was, or might have been, charged on it, with the
-- earliest instant that a charge of it can have: assets, nodes (charged until a first bill is
-- shown) and the discount.
select
  account_id,
  cloud_id,
  resource_id,

  created_at as charged_from
from intermediate.int_openmetal__asset
union all
select account_id, cloud_id, node_id, min(assigned_at)
from staging.stg_openmetal__node
group by account_id, cloud_id, node_id
union all
select account_id, cloud_id, cloud_id || '/discount', min(activated_at)
from staging.stg_openmetal__subscription
where activated_at is not null
group by account_id, cloud_id
