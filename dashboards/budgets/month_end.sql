-- One row per provider and per team: the running month's forecast beside the month before.
with running as (
  select * from mart.forecast where month = mart.this_month()
),
earlier as (
  select * from mart.forecast where month = (mart.this_month() - interval '1 month')::date
)
select
  running.scope_kind,
  running.scope_value,
  earlier.forecast_cost as month_before,
  running.month_to_date,
  running.low_cost,
  running.forecast_cost,
  running.high_cost,
  running.forecast_cost / nullif(earlier.forecast_cost, 0) - 1 as change_share
from running
left join earlier using (scope_kind, scope_value)
where running.scope_kind in ('total', 'provider', 'team')
order by
  array_position(array['total', 'provider', 'team'], running.scope_kind), running.forecast_cost desc
