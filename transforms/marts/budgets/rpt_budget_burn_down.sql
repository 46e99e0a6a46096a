-- One row per budget, period (the running one and the one before) and UTC day of it, in the
-- reporting currency: what the day cost, what was spent by its end, what would have been at an even
-- pace, and what was left. Days that have not begun have no costs yet: theirs are null.
with period as (
  select
    state.budget, state.period, state.period_start, state.period_end, state.is_over, state.amount,
    state.judged_at at time zone 'UTC' as judged_utc,
    version.budget_row_id
  from mart.budget_state as state
  join reference.budget as version
    on version.budget = state.budget and version.superseded_at is null
    and version.valid_from <= state.period_start and state.period_start < version.valid_to
),
day as (
  select
    period.*,
    day::date as cost_date,
    day < judged_utc as has_begun,
    coalesce(spent.cost, 0) as cost
  from period
  cross join lateral generate_series(
    period_start::timestamp, period_end - interval '1 day', interval '1 day'
  ) as day
  left join mart.budget_day as spent
    on spent.budget_row_id = period.budget_row_id and spent.cost_date = day::date
),
summed as (
  select
    day.*,
    sum(cost) over (partition by budget_row_id, period_start order by cost_date) as spent_cost
  from day
)
select
  budget, period, period_start, period_end, is_over, cost_date, amount,
  case when has_begun then cost end as cost,
  case when has_begun then spent_cost end as spent_cost,
  round(amount * (cost_date - period_start + 1) / (period_end - period_start), 9) as even_cost,
  case when has_begun then amount - spent_cost end as left_cost
from summed
