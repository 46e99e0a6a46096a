-- One row per value that dashboards can filter by, and the provider and account under which it comes.
-- Each kind has a row even before there is any cost, so that a list of all values is never empty.
with value as (
  select distinct dimension.provider, dimension.account_id, value.kind, value.value
  from mart.cost_dimension as dimension
  cross join lateral (
    values
      ('provider', dimension.provider),
      ('account', dimension.account_id),
      ('region', dimension.chosen_region),
      ('resource_type', dimension.chosen_resource_type),
      ('sku', dimension.chosen_sku),
      ('gpu_model', dimension.chosen_gpu_model),
      ('team', dimension.chosen_team),
      ('project', dimension.chosen_project),
      ('environment', dimension.chosen_environment),
      ('cost_centre', dimension.chosen_cost_centre),
      ('meter', dimension.meter)
  ) as value (kind, value)
)
select provider, account_id, kind, value from value
union all
select null, null, kind, '(none)'
from unnest(array[
  'provider', 'account', 'region', 'resource_type', 'sku', 'gpu_model', 'team', 'project',
  'environment', 'cost_centre', 'meter'
]) as kind
where not exists (select from mart.cost_dimension)
