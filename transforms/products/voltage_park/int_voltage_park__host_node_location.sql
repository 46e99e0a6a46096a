-- One row per account and host node: the location that listed it first. Host nodes do not move, and
-- one that is fully rented is not listed, so the whole history of the (daily) listing is asked.
select distinct on (node.account_id, node.host_node_id)
  node.account_id,
  node.host_node_id,
  node.location_id as region_id,
  node.location_name as region_name
from staging.stg_voltage_park__host_node as node
order by node.account_id, node.host_node_id, node.seen_from, node.version_id
