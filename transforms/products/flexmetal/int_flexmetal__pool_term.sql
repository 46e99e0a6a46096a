-- One row per pool of committed servers and period in which it has one capacity, and others that are
-- possible. The contract file rules from the first start of a pool's contract, in doubt by a sample that
-- lists another capacity; before that, and for pools it does not know, the
-- quota samples do: a capacity holds from the first clock hour after the sync that listed it until
-- the one that listed another. An answer that leaves the pool out is no statement: the capacity
-- holds through if it is ever listed again (in doubt, if after more than 24 hours), else for 24 hours
-- more. The first capacity listed holds
-- backwards as well: to the first delivery of a server of the pool, or to an earlier answer that did
-- not list it; before that delivery the month may have had it, too. From certain_until (the last sync
-- that still listed it) on, any capacity from capacity_least to capacity_most may hold: the next
-- sample's, or none (0). version_id and other_version_id are the answers that listed the two
-- capacities (null: a contract row). is_overused: the provider counts more servers against the
-- commitment than its capacity, or may do so before the first sample. A contract without an account holds for every account that lists servers. All samples are read (use changes
-- often, capacity hardly ever), but once per statement: materialized.
with contracted as (
  select
    account.account_id,
    contract.contract_id,
    contract.region as region_id,
    contract.sku,
    'contract:' || contract.contract_row_id as term_id,
    contract.capacity,
    contract.starts_at,
    contract.ends_at
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
followed as (
  select
    sample.*,
    lead(version_id) over in_order as next_version_id,
    lead(capacity) over in_order as next_capacity,
    lead(seen_from) over in_order as next_from
  from intermediate.int_flexmetal__pool_sample as sample
  window in_order as (
    partition by account_id, contract_id, region_id, sku order by seen_from, version_id
  )
),
sampled as (
  select
    followed.*,
    next_version_id as other_version_id,
    is_listed_soon,
    case when is_listed_soon then least(capacity, next_capacity) else 0 end as capacity_least,
    greatest(capacity, next_capacity) as capacity_most,
    date_trunc('hour', seen_from + interval '1 hour' - interval '1 microsecond', 'UTC')
      as starts_at,
    date_trunc('hour', held_until + interval '1 hour' - interval '1 microsecond', 'UTC') as ends_at
  from followed
  cross join lateral (
    select
      coalesce(next_from <= ended_at + interval '24 hours', false) as is_listed_soon,
      coalesce(next_from, ended_at + interval '24 hours', 'infinity') as held_until
  ) as hold
),
changed as (
  select
    sampled.*,
    (capacity, is_overused, starts_at) is distinct from (
      lag(capacity) over in_order, lag(is_overused) over in_order, lag(ends_at) over in_order
    ) or not lag(is_listed_soon) over in_order as is_changed
  from sampled
  window in_order as (
    partition by account_id, contract_id, region_id, sku order by seen_from, version_id
  )
),
numbered as (
  select
    changed.*,
    count(*) filter (where is_changed) over (
      partition by account_id, contract_id, region_id, sku order by seen_from, version_id
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
    case when bool_and(seen_to is not null) then max(seen_to) end as certain_until,
    (array_agg(capacity_least order by seen_from desc, version_id desc))[1] as capacity_least,
    (array_agg(capacity_most order by seen_from desc, version_id desc))[1] as capacity_most,
    is_overused,
    min(version_id) as version_id,
    (array_agg(other_version_id order by seen_from desc, version_id desc))[1] as other_version_id
  from numbered
  group by account_id, contract_id, region_id, sku, number, capacity, is_overused
),
-- Samples that list another capacity than a contract row while it rules, and between which syncs that
-- may have held: from the last one that listed another (the first sample: from the row's start) until
-- the first one that did.
contradiction as (
  select
    contracted.account_id, contracted.term_id, sample.capacity, sample.version_id,
    greatest(contracted.starts_at, sample.former_until) as starts_at,
    least(contracted.ends_at, sample.ends_at) as ends_at
  from contracted
  join (
    select
      held.*,
      lag(coalesce(certain_until, ends_at)) over (
        partition by account_id, contract_id, region_id, sku order by starts_at, version_id
      ) as former_until
    from held
  ) as sample using (account_id, contract_id, region_id, sku)
  where sample.capacity <> contracted.capacity
    and sample.starts_at < contracted.ends_at
    and coalesce(sample.certain_until, sample.ends_at) > contracted.starts_at
),
contracted_edge as (
  select
    account_id, term_id, starts_at,
    lead(starts_at) over (partition by account_id, term_id order by starts_at) as ends_at
  from (
    select account_id, term_id, starts_at from contracted
    union
    select account_id, term_id, ends_at from contracted
    union
    select account_id, term_id, starts_at from contradiction
    union
    select account_id, term_id, ends_at from contradiction
  ) as edge
),
contracted_part as (
  select
    contracted.account_id, contracted.contract_id, contracted.region_id, contracted.sku, term_id,
    contracted.capacity, edge.starts_at, edge.ends_at,
    case when other.version_id is not null then '-infinity'::timestamptz end as certain_until,
    least(contracted.capacity, other.capacity_least) as capacity_least,
    greatest(contracted.capacity, other.capacity_most) as capacity_most,
    false as is_overused,
    null::bigint as version_id,
    other.version_id as other_version_id
  from contracted
  join contracted_edge as edge using (account_id, term_id)
  cross join lateral (
    select
      min(stated.capacity) as capacity_least, max(stated.capacity) as capacity_most,
      max(stated.version_id) as version_id
    from contradiction as stated
    where stated.account_id = edge.account_id and stated.term_id = edge.term_id
      and stated.starts_at <= edge.starts_at and edge.starts_at < stated.ends_at
  ) as other
  where edge.ends_at is not null
),
ruled as (
  select account_id, contract_id, region_id, sku, min(starts_at) as ruled_from
  from contracted
  group by account_id, contract_id, region_id, sku
),
ruled_sample as (
  select
    held.account_id, held.contract_id, held.region_id, held.sku, held.term_id, held.capacity,
    held.starts_at, least(held.ends_at, ruled.ruled_from) as ends_at, held.certain_until,
    held.capacity_least, held.capacity_most, held.is_overused, held.version_id,
    held.other_version_id
  from held
  left join ruled using (account_id, contract_id, region_id, sku)
  where held.starts_at < least(held.ends_at, ruled.ruled_from)
),
first_sample as (
  select distinct on (account_id, contract_id, region_id, sku) *
  from ruled_sample
  order by account_id, contract_id, region_id, sku, starts_at
),
first_use as (
  select account_id, contract_id, region_id, sku, min(delivered_at) as used_from
  from staging.stg_flexmetal__server
  where contract_id <> '' and exists (select from first_sample)
  group by account_id, contract_id, region_id, sku
),
before_sample as (
  select
    account_id, contract_id, region_id, sku,
    part.name || sample.version_id as term_id,
    part.capacity,
    part.starts_at,
    part.ends_at,
    '-infinity'::timestamptz as certain_until,
    0 as capacity_least,
    sample.capacity as capacity_most,
    true as is_overused,
    sample.version_id,
    null::bigint as other_version_id
  from first_sample as sample
  join first_use using (account_id, contract_id, region_id, sku)
  cross join lateral (
    select max(earlier.seen_to) as seen_to
    from landing.version as listing
    join landing.version as earlier
      on earlier.account_id = listing.account_id and earlier.entity = listing.entity
      and earlier.record_key = listing.record_key and earlier.version_id < listing.version_id
    where listing.version_id = sample.version_id
  ) as answer
  cross join lateral (
    select date_trunc('hour', greatest(first_use.used_from, answer.seen_to), 'UTC') as used_from
  ) as held
  cross join lateral (
    values
      ('used-before:', sample.capacity, held.used_from, sample.starts_at),
      (
        'unused-before:', 0,
        greatest(date_trunc('month', held.used_from, 'UTC'), answer.seen_to), held.used_from
      )
  ) as part (name, capacity, starts_at, ends_at)
  where first_use.used_from < sample.starts_at
),
term as (
  select * from contracted_part
  union all
  select * from ruled_sample
  union all
  select * from before_sample where starts_at < ends_at
)
select
  term.*,
  term.contract_id || '/' || term.region_id || '/' || term.sku as pool_id,
  ruled.ruled_from
from term
left join ruled using (account_id, contract_id, region_id, sku)
