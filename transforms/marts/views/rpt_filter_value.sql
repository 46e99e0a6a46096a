-- One row per value that dashboards can filter by, and the provider and account under which it comes.
-- Each kind has a row even before there is any cost, so that a list of all values is never empty.
with value as (
  select distinct slice.provider, slice.account_id, value.kind, value.value
  from mart.cost_slice as slice
  cross join lateral (
    values
      ('provider', slice.provider),
      ('account', slice.account_id),
      ('region', coalesce(slice.region_name, slice.region_id, '(none)')),
      ('resource_type', coalesce(slice.resource_type, '(none)')),
      ('sku', coalesce(slice.sku, '(none)')),
      ('gpu_model', coalesce(slice.gpu_model, '(none)')),
      ('team', coalesce(slice.team, '(no team)')),
      ('project', case when slice.is_share then '(shared)' else coalesce(slice.project, '(none)') end),
      (
        'environment',
        case when slice.is_share then '(shared)' else coalesce(slice.environment, '(none)') end
      ),
      ('cost_centre', coalesce(slice.cost_centre, '(none)')),
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
