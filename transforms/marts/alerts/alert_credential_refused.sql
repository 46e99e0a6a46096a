-- One row per account. `value`: how many slices that were read before are refused now: the key ended,
-- or was narrowed. A slice that was never readable is not counted (OpenMetal bills without permission), nor one
-- that later runs do not ask for any more (a past month) while they read others of its stream: the key is renewed.
select
  watermark.account_id,
  count(*) filter (
    where not renewed.is_renewed and (
      newest.outcome = 'denied'
      -- A refused key fails the whole sweep, in these words for every provider.
      or newest.outcome = 'failed'
        and newest.error ~ '(refused the key|cannot sign in at)'
    )
  ) as value
from landing.watermark
cross join lateral (
  select sweep.outcome, sweep.error, sweep.started_at
  from landing.sweep
  where sweep.account_id = watermark.account_id and sweep.stream = watermark.stream
    and sweep.slice = watermark.slice
  order by sweep.started_at desc, sweep.sweep_id desc
  limit 1
) as newest
cross join lateral (
  select exists (
    select from landing.sweep
    where sweep.account_id = watermark.account_id and sweep.stream = watermark.stream
      and sweep.started_at > newest.started_at and sweep.outcome = 'complete'
  ) as is_renewed
) as renewed
where not exists (
  select from landing.account
  where account.account_id = watermark.account_id and account.ends_at is not null
)
group by watermark.account_id
