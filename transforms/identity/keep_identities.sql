-- Keeps what one account's provider says now of whose the account is: one row per value and period.
with stated as (
  select account_id, kind, identity, min(seen_from) as seen_from
  from intermediate.account_identity
  where account_id = :'account_id' and ended_at is null
  group by account_id, kind, identity
),
ended as (
  update landing.account_identity as held set seen_to = :'now'
  where held.account_id = :'account_id' and held.kind <> 'key' and held.seen_to is null
    and not exists (
      select from stated where stated.kind = held.kind and stated.identity = held.identity
    )
)
insert into landing.account_identity (account_id, kind, identity, seen_from)
select account_id, kind, identity, seen_from
from stated
where not exists (
  select from landing.account_identity as held
  where held.account_id = stated.account_id and held.kind = stated.kind
    and held.identity = stated.identity and held.seen_to is null
)
on conflict (account_id, kind, identity, seen_from) do update set seen_to = null
