-- One row per value that dashboards can filter by, and the provider and account under which it comes.
-- Each kind has a row even before there is any cost, so that a list of all values is never empty.
with value as (
  select distinct slice.provider, slice.account_id, value.kind, value.value
  from mart.cost_slice as slice
  cross join lateral (
    values
      ('provider', slice.provider),
      ('account', slice.account_id),
      ('region', slice.chosen_region),
      ('resource_type', slice.chosen_resource_type),
      ('sku', slice.chosen_sku),
      ('gpu_model', slice.chosen_gpu_model),
      ('team', slice.chosen_team),
      ('project', slice.chosen_project),
      ('environment', slice.chosen_environment),
      ('cost_centre', slice.chosen_cost_centre),
      ('meter', slice.meter)
  ) as value (kind, value)
)
select provider, account_id, kind, value from value
union all
select null, null, kind, '(none)'
from unnest(array[
  'provider', 'account', 'region', 'resource_type', 'sku', 'gpu_model', 'team', 'project',
  'environment', 'cost_centre', 'meter'
]) as kind
where not exists (select from mart.cost_slice)
