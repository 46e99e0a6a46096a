-- One row: the resource as it is now, or was at its end.
select
  status as "Status", provider as "Provider", account_id as "Account", resource_type as "Type",
  sku as "SKU", region as "Region", coalesce(gpu_count || ' x ' || gpu_model, '') as "GPUs",
  vcpu_count as "vCPU", memory_gib as "Memory", team as "Team", started_at as "Started",
  ended_at as "Ended", resource_id as "Id"
from mart.rpt_resource
where resource_id = ${resource:sqlstring} and account_id in (${account:sqlstring})
