-- One row: the resource as it is now, or was at its end.
select
  resource_name, status, provider, resource_type, sku, region,
  case when gpu_count > 0 then gpu_count || ' x ' || gpu_model else '' end as gpus, vcpu_count,
  memory_gib, team,
  to_char(started_at at time zone 'UTC', 'YYYY-MM-DD') as started_on,
  to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD') as ended_on,
  account_id, resource_id
from mart.rpt_resource
where resource_id = ${resource:sqlstring} and account_id in (${account:sqlstring})
