-- One row: how many resources are in which status now, leaving out what has ended.
select
  count(*) filter (where status = 'running') as "Running",
  count(*) filter (where status = 'stopped') as "Stopped",
  count(*) filter (where status in ('provisioning', 'releasing')) as "Changing",
  count(*) filter (where status = 'failed') as "Failed"
from mart.rpt_resource
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
