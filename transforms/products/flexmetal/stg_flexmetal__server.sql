-- One row per version of a FlexMetal server, as the server list tells it or (is_listed false) as
-- the usage of a month does. Unix seconds become instants; 0 means "not yet". (No WITH: PostgreSQL
-- would not look up single servers through it.)
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as server_id,
  coalesce(reported.server ->> 'contractId', '') as contract_id,

  reported.server ->> 'name' as name,
  case
    when reported.server ->> 'status' = 'delivered' then 'running'
    when reported.server ->> 'status' = 'releasing' then 'releasing'
    when reported.server ->> 'status' = 'released' then 'ended'
    when reported.server ->> 'status' = 'failed' then 'failed'
    when reported.server ->> 'status' in (
      'created', 'discovering', 'discovered', 'allocating', 'allocated', 'configuring_network',
      'network_configured', 'provisioning', 'provisioned'
    ) then 'provisioning'
    -- A word that the documents do not know: the instants say what it means for us.
    when (reported.server ->> 'releasedAt')::numeric > 0 then 'ended'
    when (reported.server ->> 'deliveredAt')::numeric > 0 then 'running'
    else 'provisioning'
  end as status,
  reported.server -> 'instanceType' ->> 'name' as sku,
  reported.server -> 'location' ->> 'name' as region_id,
  reported.server -> 'os' ->> 'slug' as operating_system,
  coalesce(
    (
      select array_agg(tag order by tag collate "C")
      from jsonb_array_elements_text(
        case jsonb_typeof(reported.server -> 'tags') when 'array' then reported.server -> 'tags' end
      ) as tag
    ),
    '{}'
  ) as tags,

  version.entity = 'flexmetal.server' as is_listed,

  to_timestamp(nullif((reported.server ->> 'createdAt')::numeric, 0)) as created_at,
  case
    when (reported.server ->> 'deliveredAt')::numeric >= 946684800 -- before 2000: no time was noted
      then to_timestamp((reported.server ->> 'deliveredAt')::numeric)
  end as delivered_at,
  to_timestamp(nullif((reported.server ->> 'releasedAt')::numeric, 0)) as released_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (
  select
    case version.entity
      when 'flexmetal.server' then version.payload
      else version.payload -> 'server'
    end as server
) as reported
where version.entity in ('flexmetal.server', 'flexmetal.usage_server')
