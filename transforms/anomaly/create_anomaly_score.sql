-- One row per scope and day with an expectation: how many robust standard deviations it is off. The
-- spread is that of the weeks before around their own middle, or of what was expected of their days,
-- whichever is wider.
create temporary table anomaly_score on commit drop as
with missed as (
  select
    day.kind, day.value, day.cost_date,
    1.4826 * percentile_disc(0.5) within group (order by abs(before.actual - before.expected))
      as deviation
  from anomaly_expectation as day
  join anomaly_expectation as before
    on before.kind = day.kind and before.value = day.value
    and before.cost_date between day.cost_date - 28 and day.cost_date - 1
  group by day.kind, day.value, day.cost_date
)
select
  day.kind, day.value, day.cost_date, day.actual, day.expected, day.z_score,
  floor.cost as floor_cost,
  -- What repeats to the cent has no spread: a fifth of the floor stands in for it.
  round(
    (day.actual - day.expected) / greatest(day.deviation, missed.deviation, floor.cost / 5), 2
  ) as score
from anomaly_expectation as day
left join missed using (kind, value, cost_date)
cross join lateral (
  select round(greatest(:'floor'::numeric, 0.05 * day.expected), 9) as cost
) as floor
where day.cost_date >= :'from'::date
