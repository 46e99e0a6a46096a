-- The daily facts whose slices this run can change: those that it adds to or takes from, and those of
-- open months on days for which a resource is described or allocated otherwise than before.
create temporary table touched_fact on commit drop as
with described as (
  -- Each former stretch with each of now; those that do not meet have an empty one in common.
  select
    coalesce(former.account_id, ownership.account_id) as account_id,
    coalesce(former.resource_id, ownership.resource_id) as resource_id,
    greatest(former.from_date, ownership.from_date) as from_date,
    least(former.to_date, ownership.to_date) as to_date,
    (
      former.provider, former.service_name, former.resource_type, former.sku, former.region_id,
      former.region_name, former.gpu_model, former.team, former.project, former.environment,
      former.cost_centre, former.dimensions, former.rules, former.shared_rule
    ) is distinct from (
      ownership.provider, ownership.service_name, ownership.resource_type, ownership.sku, ownership.region_id,
      ownership.region_name, ownership.gpu_model, ownership.team, ownership.project, ownership.environment,
      ownership.cost_centre, ownership.dimensions, ownership.rules, ownership.shared_rule
    ) as is_otherwise
  from ownership_before as former
  full join ownership_after as ownership
    on ownership.account_id = former.account_id and ownership.resource_id = former.resource_id
)
select account_id, resource_id, meter, cost_date, billing_currency, statement_month
from cost_delta_daily
union
select
  fact.account_id, fact.resource_id, fact.meter, fact.cost_date, fact.billing_currency,
  fact.statement_month
from described
cross join lateral (
  -- By index: a resource's own days, however many there are of all.
  select held.*
  from mart.fct_cost_daily as held
  where held.account_id = described.account_id and held.resource_id = described.resource_id
    and held.cost_date >= described.from_date and held.cost_date < described.to_date
  offset 0
) as fact
where described.is_otherwise and described.from_date < described.to_date
  and fact.statement_month >= (select ledger.books_open_from())
