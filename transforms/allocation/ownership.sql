-- One row per resource and interval of UTC days in which it was described and allocated alike: what a
-- resource was at a day's end holds for the day, and its first description for the days before.
-- Input known_resource: rows of dim_resource.
-- Input known_rule: allocation rules in force.
-- Input known_team: teams in force.
select
  ownership.account_id, ownership.resource_id, ownership.from_date, ownership.to_date,
  ownership.provider, ownership.service_name, ownership.resource_type, ownership.name as resource_name, ownership.sku,
  ownership.region_id, ownership.region_name, ownership.gpu_model,
  owner.sets ->> 'team' as team,
  owner.sets ->> 'project' as project,
  owner.sets ->> 'environment' as environment,
  coalesce(owner.sets ->> 'cost_centre', team.cost_centre) as cost_centre,
  coalesce(owner.sets - '{team,project,environment,cost_centre}'::text[], '{}') as dimensions,
  coalesce(owner.rules, '{}') as rules,
  shared.rule_name as shared_rule
from (
  select state.*, greatest(state.day_from, era.from_date) as from_date,
    least(state.day_to, era.to_date) as to_date
  from (
    select
      resource.*,
      case
        when lag(resource.valid_from) over history is null then date '-infinity'
        else (resource.valid_from at time zone 'UTC')::date
      end as day_from,
      coalesce(
        (lead(resource.valid_from) over history at time zone 'UTC')::date, date 'infinity'
      ) as day_to
    from known_resource as resource
    window history as (
      partition by resource.account_id, resource.resource_id order by resource.valid_from
    )
  ) as state
  cross join (
    -- Eras: stretches of time in which the same rules are in force.
    select edge as from_date, coalesce(lead(edge) over (order by edge), 'infinity') as to_date
    from (
      select date '-infinity' as edge
      union
      select valid_from from known_rule as rule
      union
      select valid_to from known_rule as rule where valid_to < 'infinity'
    ) as bound
  ) as era
  where greatest(state.day_from, era.from_date) < least(state.day_to, era.to_date)
) as ownership
cross join lateral (
  -- The first rule that sets a dimension wins it: aggregation keeps what comes last.
  select
    jsonb_object_agg(
      item.dimension, replace(item.value, '*', matched.captured) order by matched.place desc
    ) as sets,
    jsonb_object_agg(item.dimension, matched.rule_name order by matched.place desc) as rules
  from (
    select rule.place, rule.rule_name, rule.sets, coalesce(tagged.captured, named.captured,
      identified.captured, '') as captured
    from known_rule as rule
    left join lateral (
      select (regexp_match(tag, rule.tag_pattern))[1] as captured
      from unnest(ownership.tags) as tag
      where tag ~ rule.tag_pattern
      -- A tag without a value (`team:`) gives way to one that has one.
      order by (regexp_match(tag, rule.tag_pattern))[1] = '', tag collate "C"
      limit 1
    ) as tagged on true
    left join lateral (
      select (regexp_match(ownership.name, rule.name_pattern))[1] as captured
    ) as named on true
    left join lateral (
      select (regexp_match(ownership.resource_id, rule.resource_pattern))[1] as captured
    ) as identified on true
    where rule.kind = 'direct'
      and rule.valid_from <= ownership.from_date and ownership.to_date <= rule.valid_to
      and (rule.provider is null or rule.provider = ownership.provider)
      and (rule.account_id is null or rule.account_id = ownership.account_id)
      and (rule.region_id is null or rule.region_id in (ownership.region_id, ownership.region_name))
      and (rule.sku is null or rule.sku = ownership.sku)
      and (rule.tag_pattern is null or tagged.captured is not null)
      and (rule.name_pattern is null or named.captured is not null)
      and (rule.resource_pattern is null or identified.captured is not null)
  ) as matched
  cross join lateral jsonb_each_text(matched.sets) as item (dimension, value)
  where replace(item.value, '*', matched.captured) <> ''
) as owner
left join known_team as team on team.team = owner.sets ->> 'team'
left join lateral (
  select rule.rule_name
  from known_rule as rule
  where rule.kind = 'shared'
    and rule.valid_from <= ownership.from_date and ownership.to_date <= rule.valid_to
    and (rule.provider is null or rule.provider = ownership.provider)
    and (rule.account_id is null or rule.account_id = ownership.account_id)
    and (rule.region_id is null or rule.region_id in (ownership.region_id, ownership.region_name))
    and (rule.sku is null or rule.sku = ownership.sku)
    and (rule.name_pattern is null or ownership.name ~ rule.name_pattern)
    and (rule.resource_pattern is null or ownership.resource_id ~ rule.resource_pattern)
    and (rule.tag_pattern is null
      or exists (select from unnest(ownership.tags) as tag where tag ~ rule.tag_pattern))
  order by rule.place
  limit 1
) as shared on true
