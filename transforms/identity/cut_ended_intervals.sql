-- The interval in which an account ended ends there, and its resources with it.
update expected_resource as state set
  valid_to = case
    when state.valid_from < account.ends_at
      and (state.valid_to is null or state.valid_to > account.ends_at) then account.ends_at
    else state.valid_to
  end,
  ended_at = account.ends_at
from landing.account as account
where state.account_id = account.account_id
  and (state.ended_at is null or state.ended_at > account.ends_at)
