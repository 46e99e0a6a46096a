-- A renamed account keeps what closed months have of it: nothing of those days is compared again.
update scope set from_date = greatest(scope.from_date, succession.keeps_before)
from landing.account
join landing.account_succession as succession
  on succession.predecessor_id = account.account_id and succession.account_id = account.renamed_to
where scope.account_id = account.account_id
