-- Makes the findings from :'from' on what the scores say; one that stays keeps when it was found.
with found as (
  select *
  from anomaly_score
  where abs(score) >= :'threshold'::numeric and abs(actual - expected) >= floor_cost
),
gone as (
  delete from mart.anomaly as held
  where held.cost_date >= :'from'::date
    and not exists (
      select from found
      where found.kind = held.scope_kind and found.value = held.scope_value
        and found.cost_date = held.cost_date
    )
)
insert into mart.anomaly as held (
  scope_kind, scope_value, cost_date, expected_cost, actual_cost, score, direction, floor_cost,
  reporting_currency, found_at
)
select
  kind, value, cost_date, expected, actual, score,
  case when actual > expected then 'up' else 'down' end,
  floor_cost, :'reporting_currency', :'now'::timestamptz
from found
on conflict (scope_kind, scope_value, cost_date) do update set
  expected_cost = excluded.expected_cost, actual_cost = excluded.actual_cost,
  score = excluded.score, direction = excluded.direction, floor_cost = excluded.floor_cost
