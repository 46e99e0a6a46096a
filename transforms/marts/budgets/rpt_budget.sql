-- One row per budget in force and period (the running one and the one before): its state, how it is
-- used and when it breaks at the present burn, with how fresh that is. Amounts are in the reporting
-- currency. `spent_cost` is what is spent at least, `most_cost` at most: with what charges declare, usage
-- without a price, and the hours that nothing covers at the scope's most expensive day. A budget is ok only
-- if it is so at most; unknown where nothing bounds it and it is within its thresholds at least. A warning is
-- spent up to a threshold sooner than time goes by: 90% on the last day but two is in order.
-- Input rpt_budget_clock (mart.rpt_budget_clock): the instants that budgets are judged at and known at.
-- Input rpt_budget_forecast (mart.rpt_budget_forecast): spend with its forecast.
-- Input rpt_budget_freshness (mart.rpt_budget_freshness): what makes the spend doubtful.
with known as (
  select
    forecast.*,
    freshness.stalest_look_at,
    coalesce(
      freshness.doubt,
      case when forecast.is_incomplete then 'some usage has no price or no exchange rate' end,
      case when forecast.amount is null then 'the period before has no cost to grow from' end
    ) as doubt,
    coalesce(
      freshness.doubt_kind,
      case when forecast.is_incomplete then 'usage without a price' end,
      case when forecast.amount is null then 'no period before' end
    ) as doubt_kind,
    case
      when freshness.doubt_kind = 'not collected' then null
      else round(
        spent_cost + uncertainty + forecast.hidden_cost + case
          when freshness.hidden_hours = 0 then 0
          when forecast.highest_day_cost is not null
            then freshness.hidden_hours / 24 * forecast.highest_day_cost
          else freshness.gap_cost
        end,
        9
      )
    end as most_cost,
    clock.known_at,
    forecast.period_start::timestamp at time zone 'UTC' as starts_at,
    forecast.period_end::timestamp at time zone 'UTC' as ends_at
  from rpt_budget_forecast as forecast
  join rpt_budget_freshness as freshness using (budget_row_id, period_start)
  cross join rpt_budget_clock as clock
),
used as (
  select
    known.*,
    round(spent_cost / amount, 4) as share_used,
    round(least(
      extract(epoch from judged_at - starts_at) / extract(epoch from ends_at - starts_at), 1
    ), 4) as share_elapsed,
    case
      when spent_cost > amount then broken_on::timestamp at time zone 'UTC'
      when burn_per_day > 0 and not is_over
        -- A budget that lasts ten years at this burn does not break.
        then judged_at + least((amount - spent_cost) / burn_per_day, 3650) * interval '1 day'
    end as breaks_at
  from known
)
select
  budget, scope, period, period_start, period_end, is_over,
  case
    when amount is null or doubt_kind = 'not collected' then 'unknown'
    when spent_cost > amount then 'broken'
    when most_cost > amount then 'at risk'
    when forecast_cost >= amount * (select min(level) from unnest(forecast_thresholds) as level) / 100
      and not is_over then 'at risk'
    when coalesce(most_cost, spent_cost)
      >= amount * (select min(level) from unnest(actual_thresholds) as level) / 100
      and coalesce(most_cost, spent_cost) > amount * share_elapsed
      then 'warning'
    when most_cost is null then 'unknown'
    else 'ok'
  end as state,
  doubt, doubt_kind,
  amount, spent_cost, most_cost, accrued_cost, uncertainty,
  amount - spent_cost as left_cost,
  forecast_cost, low_cost as forecast_low_cost, high_cost as forecast_high_cost,
  method as forecast_method,
  share_used, share_elapsed,
  round(share_used / nullif(share_elapsed, 0), 2) as pace,
  burn_per_day,
  case when breaks_at < ends_at then breaks_at end as breaks_at,
  known_at, stalest_look_at, judged_at,
  actual_thresholds, forecast_thresholds, channels
from used
