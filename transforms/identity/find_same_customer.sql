-- Other accounts with the key or the customer of one account: one row per account and kind.
select
  other.account_id,
  other.retired_at is not null as is_retired,
  theirs.kind,
  null::bigint as resources
from landing.account
join landing.account_identity as mine using (account_id)
join landing.account_identity as theirs using (kind, identity)
join landing.account as other on other.account_id = theirs.account_id
where account.account_id = :'account_id' and other.account_id <> account.account_id
  and mine.seen_to is null and theirs.seen_to is null
  and other.renamed_to is null and other.refused_because is null
  and (other.admitted_at is not null or other.account_number < account.account_number)
order by theirs.kind = 'key', other.account_number, theirs.kind collate "C"
