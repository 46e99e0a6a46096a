-- One row: of the forecasts made in the range for months that are over, the share that held.
select avg(case when is_in_band then 1 else 0 end) as value
from mart.rpt_forecast_history
where $__timeFilter(made_on) and actual_cost is not null
