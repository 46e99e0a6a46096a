-- One row: how many resources are in which status now, leaving out what has ended.
select
  count(*) filter (where status = 'running') as "Running",
  count(*) filter (where status = 'stopped') as "Stopped",
  count(*) filter (where status in ('provisioning', 'releasing')) as "Changing",
  count(*) filter (where status = 'failed') as "Failed"
from mart.rpt_resource
where $__filtered(provider, account, team, region, resource_type, sku)
