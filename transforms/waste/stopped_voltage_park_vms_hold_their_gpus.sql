-- Waste: a stopped Voltage Park machine that keeps its resources costs the full rate.
-- Kind: stopped but billed
-- Action: stop it disassociated (only the disk is billed then), or terminate it.
-- Counted: the compute part of the last whole UTC days (up to 7) since it stopped, for 730 hours;
-- its disk would go on being billed.
select
  resource.account_id,
  resource.provider,
  resource.resource_id,
  resource.name as resource_name,
  stopped.since,
  mart.cost_per_month(
    resource.account_id, resource.resource_id, stopped.since, :'now', array['vm-hours']
  ) as cost_per_month,
  format(
    '%s held by a machine stopped since %s, at %s USD an hour',
    vm.sku, to_char(stopped.since at time zone 'UTC', 'YYYY-MM-DD'),
    trim_scale(vm.compute_usd_per_hour)
  ) as evidence
from mart.dim_resource as resource
join staging.stg_voltage_park__virtual_machine as vm
  on vm.account_id = resource.account_id and vm.record_key = resource.resource_id
  and vm.ended_at is null
cross join lateral (
  select mart.in_status_since(resource.account_id, resource.resource_id, 'stopped') as since
) as stopped
where resource.valid_to is null and resource.status = 'stopped'
  and resource.provider = 'voltage-park' and vm.effective_usd_per_hour > vm.disk_usd_per_hour
