-- One row per account: from when on every server is known that ran. A released server stays listed for
-- 24 hours, so the first complete listing shows whoever ran in the 24 hours before it (listed_from);
-- of earlier hours only the usage reports tell, in the months that were read (reported_months,
-- `YYYY-MM`). In the others servers may have run that no answer shows.
select
  account.account_id,
  listing.first_at - interval '24 hours' as listed_from,
  array(
    select report.slice
    from landing.watermark as report
    where report.account_id = account.account_id and report.stream = 'flexmetal.usage'
  ) as reported_months
from (
  select distinct account_id from landing.watermark where stream = 'flexmetal.servers'
) as account
cross join lateral (
  select min(sweep.started_at) as first_at
  from landing.sweep
  where sweep.account_id = account.account_id and sweep.stream = 'flexmetal.servers'
    and sweep.outcome = 'complete'
) as listing
