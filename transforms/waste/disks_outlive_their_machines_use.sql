-- Waste: a disassociated machine has not run for a week and its disk is billed on.
-- Kind: unused storage
-- Action: copy what is needed and terminate the machine, or take it back into use.
-- Counted: what it cost on the last whole UTC days (up to 7) since it stopped, for 730 hours.
select
  resource.account_id,
  resource.provider,
  resource.resource_id,
  resource.name as resource_name,
  stopped.since,
  mart.cost_per_month(
    resource.account_id, resource.resource_id, stopped.since, :'now', array['vm-storage-hours']
  ) as cost_per_month,
  format(
    '%s GB of disk of a machine that has not run since %s',
    vm.disk_gb, to_char(stopped.since at time zone 'UTC', 'YYYY-MM-DD')
  ) as evidence
from mart.dim_resource as resource
join staging.stg_voltage_park__virtual_machine as vm
  on vm.account_id = resource.account_id and vm.record_key = resource.resource_id
  and vm.ended_at is null
cross join lateral (
  select mart.in_status_since(resource.account_id, resource.resource_id, 'stopped') as since
) as stopped
where resource.valid_to is null and resource.status = 'stopped'
  and resource.provider = 'voltage-park' and vm.effective_usd_per_hour = vm.disk_usd_per_hour
  and stopped.since <= :'now'::timestamptz - interval '7 days'
