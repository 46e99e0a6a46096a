-- One row per version of a host in a FlexVM cloud (the slice); it carries no instants of its own.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as node_id,
  version.slice as cloud_id,

  version.payload ->> 'name' as name,
  version.payload ->> 'serial' as serial_number,
  case version.payload ->> 'status'
    when 'created' then 'provisioning'
    when 'requested' then 'provisioning'
    when 'bootstrapping' then 'provisioning'
    when 'failed' then 'failed'
    when 'deleting' then 'releasing'
    when 'deleted' then 'ended'
    else 'running'
  end as status,
  version.payload -> 'cloud' ->> 'site' as region_id,
  version.payload -> 'cloud' ->> 'instance_type' as sku,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'flexvm.node'
