-- One row per provider and per team: the running month's forecast beside the month before.
select
  scope_kind, scope_value, month_before_cost as month_before, month_to_date, low_cost, forecast_cost,
  high_cost, forecast_cost / nullif(month_before_cost, 0) - 1 as change_share
from mart.rpt_month_end
where scope_kind in ('total', 'provider', 'team')
order by
  array_position(array['total', 'provider', 'team'], scope_kind), forecast_cost desc
