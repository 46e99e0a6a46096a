-- The daily facts with the span that describes them and the pool of shared costs that they belong to
-- (null: charged to their own team). `known_fact` and `known_span` stand for the two.
select
  fact.*, span.service_name, span.resource_type, span.resource_name, span.sku, span.region_id,
  span.region_name, span.gpu_model, span.team, span.project, span.environment, span.cost_centre,
  span.dimensions, span.rules,
  case
    when fact.meter = 'unused-commitment-hours' then 'idle commitment'
    when fact.billed_cost < 0 and fact.meter = 'adjustment' then 'negative adjustment'
    when span.shared_rule is not null then 'shared:' || span.shared_rule
    when span.team is null then 'unallocated'
  end as pool
from known_fact as fact
left join known_span as span
  on span.account_id = fact.account_id and span.resource_id = fact.resource_id
  and span.from_date <= fact.cost_date and fact.cost_date < span.to_date
