-- One row per pool of committed servers and period in which it has one capacity. The contract file
-- rules from the first start of a pool's contract; before that, and for pools it does not know, the
-- quota samples do: a capacity holds from the first clock hour after the look that told it until
-- the look that told otherwise, and is certain until the last look that still told it
-- (certain_until). A contract without an account holds for every account that lists servers. All
-- samples are read (use changes often, capacity hardly ever), but once per statement: materialized.
with contracted as (
  select
    account.account_id,
    contract.contract_id,
    contract.region as region_id,
    contract.sku,
    'contract:' || contract.contract_row_id as term_id,
    contract.capacity,
    contract.starts_at,
    contract.ends_at,
    null::timestamptz as certain_until
  from reference.contract as contract
  cross join lateral (
    select contract.account_id
    where contract.account_id is not null
    union all
    select distinct watermark.account_id
    from landing.watermark
    where contract.account_id is null and watermark.stream = 'flexmetal.servers'
  ) as account
  where contract.provider = 'i3d-flexmetal' and contract.superseded_at is null
),
sampled as (
  select
    account_id, contract_id, region_id, sku, version_id, seen_to,
    sum(quota_servers)::integer as capacity,
    date_trunc('hour', seen_from + interval '1 hour' - interval '1 microsecond', 'UTC')
      as starts_at,
    date_trunc(
      'hour', coalesce(ended_at, 'infinity') + interval '1 hour' - interval '1 microsecond', 'UTC'
    ) as ends_at
  from staging.stg_flexmetal__quota
  where is_commitment and contract_id <> ''
  group by account_id, contract_id, region_id, sku, version_id, seen_from, seen_to, ended_at
  having sum(quota_servers) > 0
),
changed as (
  select
    sampled.*,
    (capacity, starts_at) is distinct from
      (lag(capacity) over in_order, lag(ends_at) over in_order) as is_changed
  from sampled
  window in_order as (
    partition by account_id, contract_id, region_id, sku order by starts_at, version_id
  )
),
numbered as (
  select
    changed.*,
    count(*) filter (where is_changed) over (
      partition by account_id, contract_id, region_id, sku order by starts_at, version_id
    ) as number
  from changed
),
held as materialized (
  select
    account_id, contract_id, region_id, sku,
    'quota:' || min(version_id) as term_id,
    capacity,
    min(starts_at) as starts_at,
    max(ends_at) as ends_at,
    case when bool_and(seen_to is not null) then max(seen_to) end as certain_until
  from numbered
  group by account_id, contract_id, region_id, sku, number, capacity
),
ruled as (
  select account_id, contract_id, region_id, sku, min(starts_at) as ruled_from
  from contracted
  group by account_id, contract_id, region_id, sku
),
term as (
  select * from contracted
  union all
  select
    held.account_id, held.contract_id, held.region_id, held.sku, held.term_id, held.capacity,
    held.starts_at, least(held.ends_at, ruled.ruled_from), held.certain_until
  from held
  left join ruled using (account_id, contract_id, region_id, sku)
  where held.starts_at < least(held.ends_at, ruled.ruled_from)
)
select term.*, contract_id || '/' || region_id || '/' || sku as pool_id
from term
