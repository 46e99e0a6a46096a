-- One row per shared cost, UTC month and team: the team's part, as the shares of the whole that lie before
-- it and up to its end, so that rounded differences add up to the whole. Shared costs for which no rule
-- holds on the month's first day, or whose measure is 0 for everyone, have none and stay unsplit.
-- Input known_placed: daily facts with their ownership and shared cost.
-- Input known_rule: allocation rules in force.
-- Input known_month: UTC months (cost_month).
with shared_rule as (
  select
    month.cost_month,
    case rule.kind when 'shared' then 'shared:' || rule.rule_name else rule.kind end as shared_cost,
    rule.sets ->> 'team' as team,
    coalesce(rule.split ->> 'by', 'evenly') as split_by,
    rule.split -> 'among' as among,
    rule.split ->> 'provider' as provider,
    rule.split -> 'shares' as shares
  from known_month as month
  join known_rule as rule
    on rule.kind <> 'direct'
    and rule.valid_from <= month.cost_month and month.cost_month < rule.valid_to
),
-- What each team has of its own, by provider: the measure that costs are shared by.
own as (
  select
    date_trunc('month', placed.cost_date::timestamp)::date as cost_month,
    placed.team,
    placed.provider,
    greatest(sum(placed.reporting_cost), 0) as spend,
    sum(placed.usage_hours) as usage_hours,
    sum(placed.gpu_hours) as gpu_hours
  from known_placed as placed
  where placed.team is not null
    and (placed.shared_cost is null or placed.shared_cost = 'unallocated')
  group by date_trunc('month', placed.cost_date::timestamp), placed.team, placed.provider
),
weighed as (
  select shared_rule.shared_cost, shared_rule.cost_month, shared_rule.team, 1::numeric as weight
  from shared_rule
  where shared_rule.team is not null
  union all
  select shared_rule.shared_cost, shared_rule.cost_month, fixed.team, fixed.weight::numeric
  from shared_rule
  cross join lateral jsonb_each_text(shared_rule.shares) as fixed (team, weight)
  where shared_rule.team is null and shared_rule.split_by = 'fixed'
  union all
  select shared_rule.shared_cost, shared_rule.cost_month, named.team, 1
  from shared_rule
  cross join lateral jsonb_array_elements_text(shared_rule.among) as named (team)
  where shared_rule.team is null and shared_rule.split_by = 'evenly' and shared_rule.among is not null
  union all
  select
    shared_rule.shared_cost, shared_rule.cost_month, own.team,
    case shared_rule.split_by
      when 'evenly' then 1
      when 'spend' then sum(own.spend)
      when 'usage_hours' then sum(own.usage_hours)
      when 'gpu_hours' then sum(own.gpu_hours)
    end
  from shared_rule
  join own on own.cost_month = shared_rule.cost_month
    and (shared_rule.provider is null or own.provider = shared_rule.provider)
    and (shared_rule.among is null or shared_rule.among ? own.team)
  where shared_rule.team is null and shared_rule.split_by <> 'fixed'
    and not (shared_rule.split_by = 'evenly' and shared_rule.among is not null)
  group by shared_rule.shared_cost, shared_rule.cost_month, shared_rule.split_by, own.team
),
summed as (
  select
    shared_cost, cost_month, team,
    sum(weight) over (partition by shared_cost, cost_month order by team collate "C") as weight_upto,
    weight,
    sum(weight) over (partition by shared_cost, cost_month) as weight_total
  from weighed
  where weight > 0
)
select
  shared_cost, cost_month, team,
  (weight_upto - weight) / weight_total as before,
  weight_upto / weight_total as upto
from summed
