-- What resources became after their account ended is not described. One that was first seen later
-- keeps its intervals.
delete from expected_resource as later
using landing.account as account
where later.account_id = account.account_id and later.valid_from >= account.ends_at
  and exists (
    select from expected_resource as earlier
    where earlier.account_id = later.account_id and earlier.resource_id = later.resource_id
      and earlier.valid_from < account.ends_at
  )
