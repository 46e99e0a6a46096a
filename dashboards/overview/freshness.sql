-- One row per account: its oldest stream that charges rest on, and what is set aside of all of them.
with ranked as (
  select
    account_id, state, looked_at, age_hours / nullif(stale_after_hours, 0) as share_of_limit,
    row_number() over (
      partition by account_id
      order by array_position(array['never read', 'stale', 'failing', 'fresh'], state), looked_at
    ) as place,
    sum(quarantined) over (partition by account_id) as quarantined
  from mart.rpt_stream
  where is_metering
)
select account_id, state, looked_at, share_of_limit, quarantined
from ranked
where place = 1
order by account_id
