-- Claim: no two active accounts have the same key or the same customer at the provider.
select
  held.kind,
  min(held.account_id collate "C") as account_id,
  max(held.account_id collate "C") as other_account_id
from landing.account_identity as held
join landing.account using (account_id)
where held.seen_to is null and account.renamed_to is null and account.retired_at is null
  and account.refused_because is null and account.admitted_at is not null
group by held.kind, held.identity, held.salt
having count(*) > 1
