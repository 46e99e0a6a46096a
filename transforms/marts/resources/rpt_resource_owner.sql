-- One row per resource and stretch of UTC days with one owner: whose it was and what decided the
-- team (`tag`, or the name of an allocation rule). Half open; an end that is null is not known yet.
with ownership as (
  select
    account_id,
    resource_id,
    coalesce(team, '(no team)') as team,
    coalesce(project, '(none)') as project,
    coalesce(environment, '(none)') as environment,
    coalesce(cost_centre, '(none)') as cost_centre,
    coalesce(rules ->> 'team', shared_rule, 'none') as rule,
    from_date,
    to_date
  from mart.resource_ownership
),
numbered as (
  -- Two orders that run alike as long as the owner stays: their difference names the stretch.
  select
    ownership.*,
    row_number() over (partition by account_id, resource_id order by from_date)
      - row_number() over (
        partition by account_id, resource_id, team, project, environment, cost_centre, rule
        order by from_date
      ) as stretch
  from ownership
)
select
  account_id, resource_id, team, project, environment, cost_centre, rule,
  nullif(min(from_date), '-infinity') as from_date,
  nullif(max(to_date), 'infinity') as to_date
from numbered
group by account_id, resource_id, team, project, environment, cost_centre, rule, stretch
