-- One row per resource and interval of dim_resource: whose it is on the interval's last day.
select
  resource.*,
  ownership.team,
  ownership.project,
  ownership.environment,
  ownership.cost_centre,
  ownership.dimensions,
  ownership.rules,
  ownership.shared_rule
from mart.dim_resource as resource
left join lateral (
  select candidate.*
  from mart.resource_ownership as candidate
  where candidate.account_id = resource.account_id
    and candidate.resource_id = resource.resource_id
    and candidate.from_date <= coalesce((resource.valid_to at time zone 'UTC')::date, 'infinity')
  order by candidate.from_date desc
  limit 1
) as ownership on true
