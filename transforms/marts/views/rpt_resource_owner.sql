-- One row per resource and stretch of UTC days with one owner: whose it was and what decided the
-- team (`tag`, or the name of an allocation rule). Half open; an end that is null is not known yet.
select
  account_id,
  resource_id,

  coalesce(team, '(no team)') as team,
  coalesce(project, '(none)') as project,
  coalesce(environment, '(none)') as environment,
  coalesce(cost_centre, '(none)') as cost_centre,
  coalesce(rules ->> 'team', shared_rule, 'none') as rule,

  nullif(from_date, '-infinity') as from_date,
  nullif(to_date, 'infinity') as to_date
from mart.resource_span
