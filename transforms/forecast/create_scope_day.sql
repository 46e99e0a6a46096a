-- One row per scope and UTC day with cost.
create temporary table scope_day on commit drop as
select scope.kind, scope.value, owned.cost_date, sum(owned.cost) as cost
from owned_history as owned
cross join lateral (
  values
    ('total', 'all'), ('provider', owned.provider), ('account', owned.account_id),
    ('team', owned.team), ('project', owned.project), ('environment', owned.environment),
    ('cost_centre', owned.cost_centre), ('sku', owned.sku)
) as scope (kind, value)
group by scope.kind, scope.value, owned.cost_date
