-- Resources whose charges may have grown or settled by the mere passing of time, one row per
-- resource: those that still accrue, and those that were open when the clock last stood still.
with accruing as (
  select account_id, resource_id, min(charge_date) as from_date
  from mart.accrual
  group by account_id, resource_id
),
open_since as (
  select resource.account_id, resource.resource_id,
    (state.clock_at at time zone 'UTC')::date as from_date
  from mart.dim_resource as resource
  cross join mart.transform_state as state
  where resource.valid_to is null
    and resource.started_at is not null
    and (resource.ended_at is null or resource.ended_at >= state.clock_at)
),
combined as (
  select * from accruing
  union all
  select * from open_since
)
select account_id, resource_id, from_date from combined
