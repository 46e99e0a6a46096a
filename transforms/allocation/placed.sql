-- The daily facts with the ownership interval that describes them, and the shared cost that they belong
-- to (null: charged to their own team). Corrections of what a closed statement holds are not among them:
-- they are charged as it was (correction.sql).
-- Input known_fact: daily facts.
-- Input known_ownership: ownership intervals of their resources.
-- Input known_closed_month (ledger.closed_month): months that are closed.
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
where fact.statement_month <= fact.cost_date or not exists (
  select
  from known_closed_month as closed
  join ledger.closed_cost as stated on stated.statement_month = closed.month
  where closed.month >= date_trunc('month', fact.cost_date::timestamp)::date
    and closed.month < fact.statement_month
    and stated.account_id = fact.account_id and stated.resource_id = fact.resource_id
    and stated.cost_date = fact.cost_date and stated.meter = fact.meter
    and stated.billing_currency = fact.billing_currency
)
