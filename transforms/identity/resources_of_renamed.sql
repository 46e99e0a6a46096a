-- What renamed accounts still hold of open days, to be reversed: one row per resource.
insert into changed_resource (account_id, resource_id, from_at)
select account.account_id, held.resource_id, succession.keeps_before::timestamp at time zone 'UTC'
from landing.account
join landing.account_succession as succession
  on succession.predecessor_id = account.account_id and succession.account_id = account.renamed_to
cross join lateral (
  select resource_id from mart.dim_resource as resource
  where resource.account_id = account.account_id
  union
  select resource_id from intermediate.known_charge as known
  where known.account_id = account.account_id and known.charge_date >= succession.keeps_before
  offset 0
) as held
