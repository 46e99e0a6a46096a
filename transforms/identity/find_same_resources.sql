-- Other accounts that hold at least half of the resources of one account: one row per account. What
-- such an account holds is known from its description, or from landing while it has none.
with mine as materialized (
  select distinct provider, resource_id
  from intermediate.known_resource
  where account_id = :'account_id' and resource_type <> 'Committed Capacity'
),
other as (
  select other.account_id, other.account_number, other.retired_at is not null as is_retired
  from landing.account
  join landing.account as other on other.account_id <> account.account_id
  where account.account_id = :'account_id'
    and other.renamed_to is null and other.refused_because is null
    and (other.admitted_at is not null or other.account_number < account.account_number)
),
theirs as (
  select other.account_id, resource.provider, resource.resource_id
  from other
  join mart.dim_resource as resource using (account_id)
  union
  select other.account_id, resource.provider, resource.resource_id
  from other
  cross join lateral (
    select * from intermediate.known_resource as known
    where known.account_id = other.account_id
    offset 0
  ) as resource
  where not exists (
    select from mart.dim_resource as described where described.account_id = other.account_id
  )
),
shared as (
  select theirs.account_id, count(*) as resources
  from theirs
  join mine using (provider, resource_id)
  group by theirs.account_id
)
select other.account_id, other.is_retired, null::text as kind, shared.resources
from shared
join other using (account_id)
where 2 * shared.resources >= (select count(*) from mine)
order by other.account_number
