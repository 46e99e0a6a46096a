-- One row per resource and scope that it counts in, with its part there: the owners of its last day
-- of cost before the cut share it as they shared that day. Parts of one kind add up to 1.
create temporary table resource_scope on commit drop as
with last_day as (
  select account_id, resource_id, max(cost_date) as cost_date
  from owned_history
  where cost_date < :'cut'::date
  group by account_id, resource_id
),
owner as (
  select
    owned.*,
    case
      when sum(owned.cost) over day = 0 then 1 / (count(*) over day)::numeric
      else owned.cost / sum(owned.cost) over day
    end as part
  from last_day
  join owned_history as owned using (account_id, resource_id, cost_date)
  window day as (partition by owned.account_id, owned.resource_id)
)
select owner.account_id, owner.resource_id, scope.kind, scope.value, sum(owner.part) as part
from owner
cross join lateral (
  values
    ('total', 'all'), ('provider', owner.provider), ('account', owner.account_id),
    ('team', owner.team), ('project', owner.project), ('environment', owner.environment),
    ('cost_centre', owner.cost_centre), ('sku', owner.sku)
) as scope (kind, value)
group by owner.account_id, owner.resource_id, scope.kind, scope.value
