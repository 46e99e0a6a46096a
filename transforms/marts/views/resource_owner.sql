-- One row per resource and interval of dim_resource: whose it was, by its own tags (`team:nlp`).
-- The first tag in alphabetical order wins where a resource names two teams.
select
  resource.*,
  owner.team,
  owner.project,
  owner.environment
from mart.dim_resource as resource
cross join lateral (
  select
    min(substr(tag, length('team:') + 1)) filter (where tag like 'team:_%') as team,
    min(substr(tag, length('project:') + 1)) filter (where tag like 'project:_%') as project,
    min(substr(tag, length('env:') + 1)) filter (where tag like 'env:_%') as environment
  from unnest(resource.tags) as tag
) as owner
