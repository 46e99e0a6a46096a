-- One row per account: its oldest stream that charges rest on, by the real clock, and what is set aside of
-- all of them. What was fresh at the last transform is stale when that is long ago.
with stream as (
  select
    account_id, looked_at, quarantined,
    extract(epoch from now() - looked_at) / 3600 / nullif(stale_after_hours, 0) as share_of_limit,
    case
      when state = 'never read' then state
      when now() - looked_at > stale_after_hours * interval '1 hour' then 'stale'
      else state
    end as state
  from mart.rpt_stream
  where is_metering
),
ranked as (
  select
    stream.*,
    row_number() over (
      partition by account_id
      order by array_position(array['never read', 'stale', 'failing', 'fresh'], state), looked_at
    ) as place,
    sum(quarantined) over (partition by account_id) as all_quarantined
  from stream
)
select account_id, state, looked_at, share_of_limit, all_quarantined as quarantined
from ranked
where place = 1
order by account_id
