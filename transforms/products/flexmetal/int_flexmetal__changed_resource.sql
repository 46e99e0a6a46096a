-- One row per server that a batch of changes touches. A version that repeats what was known before
-- of billing changes nothing before itself; new facts reach back to the start or end they change.
-- The use of a server that tells no delivery tells its start.
-- Hardware reported for the first time reaches the whole life of its servers (their GPU hours). A use that
-- shows for the first time how the provider rounds, or the other way of it, reaches all servers after
-- the month of their delivery.
with change as (
  select taken_change.kind, taken_change.previous_seen_to, told.*,
    case when told.status <> 'failed' then told.delivered_at end as billed_from
  from taken_change
  join staging.stg_flexmetal__server as told on told.version_id = taken_change.version_id
  where taken_change.entity in ('flexmetal.server', 'flexmetal.usage_server')
),
compared as (
  select
    change.account_id,
    change.server_id,
    change.kind,
    change.previous_seen_to,
    change.created_at,
    change.seen_from,
    change.billed_from,
    former.billed_from as former_billed_from,
    former.seen_to as former_seen_to,
    change.released_at,
    former.released_at as former_released_at,
    former.version_id is null as is_first,
    (change.billed_from, change.sku, change.region_id, change.contract_id) is distinct from
      (former.billed_from, former.sku, former.region_id, former.contract_id) as is_restated,
    change.released_at is distinct from former.released_at as is_end_restated
  from change
  left join lateral (
    select told.*, case when told.status <> 'failed' then told.delivered_at end as billed_from
    from staging.stg_flexmetal__server as told
    where told.account_id = change.account_id and told.record_key = change.record_key
      and told.version_id < change.version_id
    order by told.is_listed = change.is_listed desc, told.seen_from desc, told.version_id desc
    limit 1
  ) as former on true
),
-- Compared with the account's use before it, so that each turn is found in whichever batch it is.
counted as (
  select
    account_id, version_id, is_by_life,
    lag(is_by_life) over (partition by account_id order by version_id) as former_is_by_life
  from taken_change
  join intermediate.int_flexmetal__counted_hours using (account_id, version_id)
  where taken_change.entity = 'flexmetal.usage'
),
turned as (
  select distinct counted.account_id
  from counted
  left join lateral (
    select earlier.is_by_life
    from intermediate.int_flexmetal__counted_hours as earlier
    where counted.former_is_by_life is null
      and earlier.account_id = counted.account_id and earlier.version_id < counted.version_id
    order by earlier.version_id desc
    limit 1
  ) as before on true
  where counted.is_by_life
    is distinct from coalesce(counted.former_is_by_life, before.is_by_life)
),
touched as (
  select
    compared.account_id,
    compared.server_id,
    case when compared.kind = 'gone' then compared.previous_seen_to else least(
      compared.seen_from,
      compared.previous_seen_to,
      compared.former_seen_to,
      case when compared.is_first then compared.created_at end,
      case when compared.is_restated then compared.billed_from end,
      case when compared.is_restated then compared.former_billed_from end,
      case
        when compared.is_restated
          and (compared.billed_from is null or compared.former_billed_from is null)
          then compared.created_at
      end,
      case when compared.is_end_restated then compared.released_at end,
      case when compared.is_end_restated then compared.former_released_at end,
      case when compared.is_end_restated then life.last_seen_at end
    ) end as from_at
  from compared
  join intermediate.int_flexmetal__life as life
    on life.account_id = compared.account_id and life.server_id = compared.server_id
  union all
  select usage.account_id, usage.server_id, usage.created_at
  from taken_change
  join staging.stg_flexmetal__usage as usage on usage.version_id = taken_change.version_id
  where taken_change.entity = 'flexmetal.usage' and usage.delivered_at is null
  union all
  select life.account_id, life.server_id, life.started_at
  from taken_change
  join intermediate.int_flexmetal__life as life
    on life.account_id = taken_change.account_id and life.sku = taken_change.record_key
  where taken_change.entity = 'flexmetal.plan' and taken_change.kind = 'new'
  union all
  select
    life.account_id, life.server_id,
    (date_trunc('month', life.started_at at time zone 'UTC') + interval '1 month')
      at time zone 'UTC'
  from turned
  join intermediate.int_flexmetal__life as life using (account_id)
  where life.started_at is not null
)
select account_id, server_id as resource_id, min(from_at) as from_at
from touched
group by account_id, server_id
