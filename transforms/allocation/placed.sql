-- The daily facts with the ownership interval that describes them, and the shared cost that they belong
-- to (null: charged to their own team).
-- Input known_fact: daily facts.
-- Input known_ownership: ownership intervals of their resources.
select
  fact.*, ownership.service_name, ownership.resource_type, ownership.resource_name, ownership.sku, ownership.region_id,
  ownership.region_name, ownership.gpu_model, ownership.team, ownership.project, ownership.environment, ownership.cost_centre,
  ownership.dimensions, ownership.rules,
  case
    when fact.meter = 'unused-commitment-hours' then 'idle commitment'
    when fact.billed_cost < 0 and fact.meter = 'adjustment' then 'negative adjustment'
    when ownership.shared_rule is not null then 'shared:' || ownership.shared_rule
    when ownership.team is null then 'unallocated'
  end as shared_cost
from known_fact as fact
left join known_ownership as ownership
  on ownership.account_id = fact.account_id and ownership.resource_id = fact.resource_id
  and ownership.from_date <= fact.cost_date and fact.cost_date < ownership.to_date
