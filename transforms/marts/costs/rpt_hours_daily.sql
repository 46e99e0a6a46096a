-- One row per UTC day, provider and meter: what ran, in hours and in GPU-hours.
select
  cost_date,
  provider,
  meter,
  count(*) as resources,
  sum(usage_hours) as usage_hours,
  sum(gpu_hours) as gpu_hours
from mart.fct_cost_daily
group by cost_date, provider, meter
