-- The provider's answers behind the charges: what each record is, when sweeps saw it, and its hash.
select
  version.version_id, version.entity, version.slice, version.record_key,
  encode(version.content_hash, 'hex') as sha256,
  to_char(version.seen_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as seen_from,
  to_char(version.seen_to at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as seen_to,
  version.ended_because,
  version.first_sweep_id as sweep_id,
  to_char(sweep.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as swept_at,
  version.payload
from landing.version
left join landing.sweep on sweep.sweep_id = version.first_sweep_id
where version.version_id = any (:'version_ids'::bigint[])
order by version.version_id
