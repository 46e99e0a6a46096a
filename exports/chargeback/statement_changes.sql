-- One row per team and reason for which its cost is not what it was in the month before, in the reporting
-- currency; a team's rows add up to the difference. A team without costs in the month before has none.
-- Reasons: a resource is new, ended, came from or went to another team, or has another SKU or meter; it was
-- used more or less (at the former price and rate); the unit price of an SKU, or an exchange rate; the
-- team's share of a common cost; corrections of earlier months.
with line as (
  select
    true as is_now, team, corrects_month, is_share, allocation_rule, provider, service, account_id,
    coalesce(resource_id, '') as resource_id, resource_name, sku, meter, unit, billing_currency, quantity, billed_cost,
    reporting_cost
  from chargeback_line
  union all
  select
    false, team, corrects_month, is_share, allocation_rule, provider, service, account_id,
    coalesce(resource_id, ''), resource_name, sku, meter, unit, billing_currency, quantity, billed_cost,
    reporting_cost
  from chargeback_line_before
),
-- Own costs of a resource.
own as (
  select
    team, provider, account_id, resource_id, sku, meter, billing_currency,
    max(coalesce(resource_name, resource_id) collate "C") as resource,
    max(service collate "C") as service,
    max(unit collate "C") as unit,
    sum(quantity) filter (where is_now) as quantity,
    sum(quantity) filter (where not is_now) as quantity_before,
    sum(billed_cost) filter (where is_now) as billed,
    sum(billed_cost) filter (where not is_now) as billed_before,
    coalesce(sum(reporting_cost) filter (where is_now), 0) as cost,
    coalesce(sum(reporting_cost) filter (where not is_now), 0) as cost_before
  from line
  where corrects_month is null and not is_share
  group by team, provider, account_id, resource_id, sku, meter, billing_currency
),
presence as (
  select
    account_id, resource_id,
    array_agg(team) filter (where is_now) as teams,
    array_agg(team) filter (where not is_now) as teams_before
  from line
  where corrects_month is null and not is_share
  group by account_id, resource_id
),
rated as (
  select
    own.*,
    presence.teams, presence.teams_before,
    billed is null or billed_before is null as is_one_sided,
    coalesce(cost_before / nullif(billed_before, 0), cost / nullif(billed, 0), 0) as rate_before
  from own
  join presence
    on presence.account_id = own.account_id and presence.resource_id = own.resource_id
),
-- What came of another price (at the former rate) and of another rate; use is what is left.
measured as (
  select
    rated.*,
    coalesce(round(
      (billed - quantity * billed_before / nullif(quantity_before, 0)) * rate_before, 9
    ), 0) as price_change,
    case
      when billing_currency = :'reporting_currency' then 0
      else round(cost - billed * rate_before, 9)
    end as rate_change
  from rated
),
reason as (
  select
    team,
    case
      when team = any(teams) and team = any(teams_before) then 'changed'
      when teams is null then 'ended'
      when teams_before is null then 'new'
      when billed is null then 'left'
      else 'joined'
    end as kind,
    resource as subject, max(sku collate "C") as detail, null as unit, null::text as currency,
    null::numeric as now, null::numeric as before,
    null::numeric as whole, null::numeric as whole_before,
    sum(cost - cost_before) as amount
  from measured
  where is_one_sided
  group by team, kind, account_id, resource_id, resource
  union all
  select
    team, 'usage', resource, meter, unit, null, round(quantity, 2), round(quantity_before, 2), null, null,
    cost - cost_before - price_change - rate_change
  from measured
  where not is_one_sided
  union all
  select
    team, 'price', coalesce(sku, service, provider), meter, max(unit collate "C"), billing_currency,
    round(sum(billed) / nullif(sum(quantity), 0), 6),
    round(sum(quantity * billed_before / nullif(quantity_before, 0)) / nullif(sum(quantity), 0), 6),
    null, null, sum(price_change)
  from measured
  where not is_one_sided
  group by team, provider, coalesce(sku, service, provider), meter, billing_currency
  union all
  select
    team, 'rate', billing_currency, null, null, null,
    round(sum(cost) / nullif(sum(billed), 0), 6),
    round(sum(cost_before) / nullif(sum(billed_before), 0), 6),
    null, null, sum(rate_change)
  from measured
  where not is_one_sided
  group by team, billing_currency
  union all
  select
    team, 'share', allocation_rule, null, null, null,
    round(100 * cost / nullif(sum(cost) over rule, 0), 1),
    round(100 * cost_before / nullif(sum(cost_before) over rule, 0), 1),
    round(sum(cost) over rule, 2), round(sum(cost_before) over rule, 2),
    cost - cost_before
  from (
    select
      team, allocation_rule,
      coalesce(sum(reporting_cost) filter (where is_now), 0) as cost,
      coalesce(sum(reporting_cost) filter (where not is_now), 0) as cost_before
    from line
    where corrects_month is null and is_share
    group by team, allocation_rule
  ) as shared
  window rule as (partition by allocation_rule)
  union all
  select
    team, 'correction', '', null, null, null, null, null, null, null,
    coalesce(sum(reporting_cost) filter (where is_now), 0)
      - coalesce(sum(reporting_cost) filter (where not is_now), 0)
  from line
  where corrects_month is not null
  group by team
)
select
  team, kind, subject, detail, unit, currency,
  trim_scale(now) as now,
  trim_scale(before) as before,
  whole,
  whole_before,
  trim_scale(amount) as amount,
  row_number() over (
    partition by team
    order by abs(amount) desc, kind collate "C", subject collate "C", detail collate "C"
  )::integer as place
from reason
where amount <> 0 and team in (select team from chargeback_before)
