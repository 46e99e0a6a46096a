-- One row per thing that somebody should act on, the most urgent first: its amount, whose it is, since when,
-- and the board and variable that show it. Ages are by the real clock: a stopped pipeline is no good news.
with budget as (
  select
    case state when 'broken' then 1 when 'at risk' then 2 else 3 end as place,
    state, 'Budget' as kind,
    case
      when state = 'broken' then format('%s: more is spent than the %s''s budget', budget, period)
      when state = 'at risk' then format('%s: the forecast is above the %s''s budget', budget, period)
      when state = 'warning' then format('%s: %s %% is spent after %s %% of the %s', budget,
        round(share_used * 100), round(share_elapsed * 100), period)
      else format('%s: cannot be judged (%s)', budget, coalesce(doubt, 'no data'))
    end as what,
    scope as owner,
    case
      when state = 'broken' then spent_cost - amount
      when forecast_cost > amount then forecast_cost - amount
    end as amount,
    period_start::timestamp at time zone 'UTC' as since,
    'meterhouse-budgets' as board, 'budget' as variable, budget as subject
  from mart.rpt_budget_state
  where not is_over and state <> 'ok'
),
balance as (
  select
    case when runway_hours < 24 then 1 else 2 end as place,
    case when runway_hours < 24 then 'broken' else 'at risk' end as state, 'Balance' as kind,
    format('%s: the balance lasts %s days more', account_id, round(runway_hours / 24, 1)) as what,
    account_id as owner, wallet.balance * rate.rate as amount, looked_at as since,
    'meterhouse-wallets' as board, 'account' as variable, account_id as subject
  from mart.rpt_wallet as wallet
  left join mart.rpt_current_rate as rate on rate.currency = wallet.billing_currency
  where runway_hours < 72
),
pipeline as (
  select
    1 as place, 'broken' as state, 'Stale data' as kind,
    format('No transform for %s h: every figure is as of then', round(age_hours)) as what,
    'whole fleet' as owner, null::numeric as amount, clock_at as since,
    'meterhouse-pipeline' as board, '' as variable, '' as subject
  from mart.rpt_data_age
  where not is_current
),
stream as (
  select
    2 as place, 'at risk' as state, 'Stale data' as kind,
    format('%s: %s streams that costs depend on are late or were never read', account_id, count(*))
      as what,
    account_id as owner, null::numeric as amount, min(looked_at) as since,
    'meterhouse-pipeline' as board, 'account' as variable, account_id as subject
  from mart.rpt_stream
  where is_metering
    and (state in ('stale', 'never read') or now() - looked_at > stale_after_hours * interval '1 hour')
    and (select is_current from mart.rpt_data_age)
  group by account_id
),
unexplained as (
  select
    2 as place, 'at risk' as state, 'Unexplained' as kind,
    format('%s: %s lines differ from its own figures (%s)', provider, sum(lines_unexplained), unit)
      as what,
    provider as owner,
    sum(unexplained * rate.rate) as amount, min(month)::timestamp at time zone 'UTC' as since,
    'meterhouse-reconciliation' as board, 'provider' as variable, provider as subject
  from mart.rpt_reconciliation
  left join mart.rpt_current_rate as rate on rate.currency = unit
  where is_proof and lines_unexplained > 0
  group by provider, unit
),
anomaly as (
  select
    3 as place, 'warning' as state, 'Anomaly' as kind,
    format('%s %s cost more than expected on %s', scope_kind, scope_value, to_char(cost_date, 'FMDD Mon'))
      as what,
    scope_value as owner, actual_cost - expected_cost as amount,
    cost_date::timestamp at time zone 'UTC' as since,
    case scope_kind when 'team' then 'meterhouse-teams' when 'sku' then 'meterhouse-resources'
      else 'meterhouse-providers' end as board,
    scope_kind as variable, scope_value as subject
  from mart.anomaly
  where direction = 'up' and cost_date >= mart.today() - 7
  order by actual_cost - expected_cost desc, scope_kind collate "C", scope_value collate "C"
  limit 1
)
select state, amount, what, owner, kind, to_char(since at time zone 'UTC', 'YYYY-MM-DD') as since,
  board, variable, subject
from (
  select * from budget
  union all select * from balance
  union all select * from pipeline
  union all select * from stream
  union all select * from unexplained
  union all select * from anomaly
) as action
order by place, action.amount desc nulls last, kind collate "C", what collate "C"
limit 50
