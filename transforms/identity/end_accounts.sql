-- Accounts that end at another instant than the last transform knew: notes the end and hands their
-- resources over, from the earlier of the two on. A retired account ends when it was retired. One that
-- left the configuration ends with its last sync, since nothing says what it did later.
with known as (
  select
    account.account_id,
    account.ends_at as former_end,
    case
      when account.retired_at is not null then account.retired_at
      when account.renamed_to is not null then account.ends_at
      when account.admitted_at is not null and not account.is_configured then (
        select max(watermark.complete_at)
        from landing.watermark
        where watermark.account_id = account.account_id
      )
    end as ends_at
  from landing.account
),
moved as (
  update landing.account as held set ends_at = known.ends_at
  from known
  where held.account_id = known.account_id and known.ends_at is distinct from known.former_end
  returning held.account_id, held.ends_at, least(known.former_end, known.ends_at) as from_at
),
expected as (
  update landing.expectation set expected_until = coalesce(moved.ends_at, 'infinity')
  from moved
  where expectation.account_id = moved.account_id
),
-- What its successors are charged is what it leaves.
touched as (
  select account_id, from_at from moved
  union all
  select succession.account_id, moved.from_at
  from moved
  join landing.account_succession as succession on succession.predecessor_id = moved.account_id
)
insert into changed_resource (account_id, resource_id, from_at)
select touched.account_id, resource.resource_id, min(touched.from_at)
from touched
join mart.dim_resource as resource using (account_id)
group by touched.account_id, resource.resource_id
