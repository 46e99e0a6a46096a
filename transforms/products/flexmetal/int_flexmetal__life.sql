-- One row per server: what it is and from when until when it is billed, by all that is known now.
-- The list is believed before the usage report, which knows servers that the list never showed or
-- shows no more; of two releases reported, the one reported last (a report restates a month that is over). A
-- server that left the list without a release that anyone reported ended before a look
-- that missed it: a released one stays listed for 24 hours, so the end lies between the last look
-- that saw it (end_not_before) and 24 hours before the first that did not; the later is taken.
-- A delivered server of which no answer tells the delivery began with its first use by the usage
-- report, else when a sync first saw it delivered; it can have begun as early as the last sync that
-- saw it undelivered, or its creation (start_not_before).
select first_told.account_id, first_told.server_id, known.*
from staging.stg_flexmetal__server as first_told
cross join lateral (
  select
    fact.contract_id,
    fact.sku,
    fact.region_id,
    fact.status,
    fact.is_listed,
    billing.started_at,
    case
      when billing.delivered_at is not null then billing.delivered_at
      else least(greatest(fact.created_at, waiting.seen_to), billing.started_at)
    end as start_not_before,
    case when billing.started_at is not null then coalesce(billing.told_end_at, estimate.end_at) end
      as ended_at,
    case
      when billing.told_end_at is null and estimate.end_at is not null
        then greatest(billing.started_at, alive.seen_to)
    end as end_not_before,
    case when alive.ended_at is not null then alive.seen_to end as last_seen_at,
    coalesce(
      start_source.version_id,
      case when billing.delivered_at is null then first_run.version_id end
    ) as start_version_id,
    coalesce(
      end_source.version_id,
      case
        when billing.told_end_at is null and estimate.end_at is not null then alive.version_id
      end
    ) as end_version_id
  from (select first_told.account_id, first_told.server_id) as server
  left join lateral (
    select *
    from staging.stg_flexmetal__server as version
    where version.account_id = server.account_id and version.record_key = server.server_id
      and version.is_listed
    order by version.seen_from desc, version.version_id desc
    limit 1
  ) as listed on true
  left join lateral (
    select *
    from staging.stg_flexmetal__server as version
    where version.account_id = server.account_id and version.record_key = server.server_id
      and not version.is_listed
    order by version.seen_from desc, version.version_id desc
    limit 1
  ) as reported on true
  left join lateral (
    select version.version_id, version.seen_to, version.ended_at, version.ended_because
    from staging.stg_flexmetal__server as version
    where version.account_id = server.account_id and version.record_key = server.server_id
      and version.is_listed and version.status not in ('ended', 'failed')
    order by version.seen_from desc, version.version_id desc
    limit 1
  ) as alive on true
  -- A usage row of a released server whose release the server object does not tell.
  left join lateral (
    select max(usage.usage_ended_at) as ended_at
    from staging.stg_flexmetal__usage as usage
    where reported.status = 'ended' and reported.released_at is null
      and usage.account_id = server.account_id and usage.slice = reported.slice
      and usage.server_id = server.server_id and usage.ended_at is null
  ) as used on true
  left join lateral (
    select version.version_id, version.seen_from
    from staging.stg_flexmetal__server as version
    where coalesce(listed.delivered_at, reported.delivered_at) is null
      and version.account_id = server.account_id and version.record_key = server.server_id
      and version.status in ('running', 'releasing')
    order by version.seen_from, version.version_id
    limit 1
  ) as first_run on true
  left join lateral (
    select max(version.seen_to) as seen_to
    from staging.stg_flexmetal__server as version
    where first_run.version_id is not null
      and version.account_id = server.account_id and version.record_key = server.server_id
      and version.is_listed and version.status = 'provisioning'
  ) as waiting on true
  left join lateral (
    select min(usage.usage_started_at) as started_at
    from staging.stg_flexmetal__usage as usage
    where coalesce(listed.delivered_at, reported.delivered_at) is null
      and usage.account_id = server.account_id and usage.server_id = server.server_id
      and usage.ended_at is null
  ) as first_use on true
  cross join lateral (
    select
      coalesce(listed.created_at, reported.created_at) as created_at,
      coalesce(listed.contract_id, reported.contract_id) as contract_id,
      coalesce(listed.sku, reported.sku) as sku,
      coalesce(listed.region_id, reported.region_id) as region_id,
      coalesce(listed.status, reported.status) as status,
      listed.version_id is not null as is_listed,
      coalesce(listed.seen_from, reported.seen_from) as seen_from
  ) as fact
  cross join lateral (
    select
      case
        when fact.status <> 'failed' then coalesce(
          listed.delivered_at, reported.delivered_at, least(first_use.started_at, first_run.seen_from)
        )
      end as started_at,
      case
        when coalesce(listed.delivered_at, reported.delivered_at) is not null
          then coalesce(listed.delivered_at, reported.delivered_at)
        -- A use that begins with the month may have begun before it.
        when first_use.started_at
          <> date_trunc('month', first_use.started_at at time zone 'UTC') at time zone 'UTC'
          then first_use.started_at
      end as delivered_at,
      case
        when reported.seen_from > listed.seen_from and reported.released_at is not null
          then reported.released_at
        else coalesce(listed.released_at, reported.released_at, used.ended_at)
      end as told_end_at
  ) as billing
  cross join lateral (
    select
      case
        when alive.ended_because = 'gone' and alive.ended_at - interval '24 hours' > alive.seen_to
          then alive.ended_at - interval '24 hours'
        when alive.ended_at is not null then alive.ended_at
        when alive.version_id is null and fact.status = 'ended' then fact.seen_from
      end as end_at
  ) as estimate
  left join lateral (
    select min(version.version_id) as version_id
    from staging.stg_flexmetal__server as version
    where version.account_id = server.account_id and version.record_key = server.server_id
      and version.delivered_at = billing.started_at
  ) as start_source on true
  left join lateral (
    select min(version.version_id) as version_id
    from staging.stg_flexmetal__server as version
    where version.account_id = server.account_id and version.record_key = server.server_id
      and version.released_at = billing.told_end_at
  ) as end_source on true
  offset 0 -- kept whole by the planner, so that a few machines can be looked up by id
) as known
where not exists (
  select from staging.stg_flexmetal__server as earlier
  where earlier.account_id = first_told.account_id and earlier.record_key = first_told.record_key
    and earlier.version_id < first_told.version_id
)
