-- One row per resource and interval of dim_resource: whose it was, by its own tags (`team:nlp`).
select
  resource.*,
  owner.team,
  owner.project,
  owner.environment
from mart.dim_resource as resource
cross join lateral mart.owner_of_tags(resource.tags) as owner
