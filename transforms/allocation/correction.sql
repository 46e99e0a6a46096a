-- One row per correction and owner that the closed statements charge what it corrects to: a daily fact
-- that is stated later than its month although a closed statement holds it. All that is stated of the
-- fact, the correction included, is split as the first statement split it: the correction is what is
-- missing from that, whatever today's rules say. Sums are kept to the last unit.
-- Input known_fact: daily facts.
-- Input known_closed_month (ledger.closed_month): months that are closed.
with stated as (
  select
    fact.account_id, fact.resource_id, fact.meter, fact.cost_date, fact.billing_currency,
    fact.statement_month,
    row_number() over (
      partition by fact.account_id, fact.resource_id, fact.meter, fact.cost_date,
        fact.billing_currency, fact.statement_month
      order by closed.month, stated.team collate "C", stated.project collate "C",
        stated.environment collate "C", stated.cost_centre collate "C", stated.dimensions,
        stated.allocation_rule collate "C"
    ) as place,
    closed.month = min(closed.month) over (
      partition by fact.account_id, fact.resource_id, fact.meter, fact.cost_date,
        fact.billing_currency, fact.statement_month
    ) as is_first,
    fact.provider, stated.service_name, stated.resource_type, stated.resource_name, stated.sku,
    stated.region_id, stated.region_name, stated.gpu_model,
    stated.team, stated.project, stated.environment, stated.cost_centre, stated.dimensions,
    stated.allocation_rule, stated.is_share,
    stated.quantity, fact.quantity as fact_quantity,
    stated.usage_hours, fact.usage_hours as fact_usage_hours,
    stated.gpu_hours, fact.gpu_hours as fact_gpu_hours,
    stated.list_cost, fact.list_cost as fact_list_cost,
    stated.contracted_cost, fact.contracted_cost as fact_contracted_cost,
    stated.billed_cost, fact.billed_cost as fact_billed_cost,
    stated.effective_cost, fact.effective_cost as fact_effective_cost,
    stated.reporting_cost, fact.reporting_cost as fact_reporting_cost,
    stated.accrued_cost, fact.accrued_cost as fact_accrued_cost,
    stated.estimated_cost, fact.estimated_cost as fact_estimated_cost,
    stated.uncertainty, fact.uncertainty as fact_uncertainty
  from known_fact as fact
  join known_closed_month as closed
    on closed.month >= date_trunc('month', fact.cost_date::timestamp)::date
    and closed.month < fact.statement_month
  join ledger.closed_cost as stated
    on stated.statement_month = closed.month and stated.account_id = fact.account_id
    and stated.resource_id = fact.resource_id and stated.cost_date = fact.cost_date
    and stated.meter = fact.meter and stated.billing_currency = fact.billing_currency
  where fact.statement_month > fact.cost_date
),
-- One row per correction and owner: what was stated first, and in all. The first statement describes it.
part as (
  select
    account_id, resource_id, meter, cost_date, billing_currency, statement_month, provider,
    team, project, environment, cost_centre, dimensions, allocation_rule, is_share,
    min(place) as place,
    count(*) filter (where is_first) as first_rows,
    coalesce(sum(quantity) filter (where is_first), 0) as first_quantity,
    sum(quantity) as stated_quantity, min(fact_quantity) as fact_quantity,
    coalesce(sum(usage_hours) filter (where is_first), 0) as first_usage_hours,
    sum(usage_hours) as stated_usage_hours, min(fact_usage_hours) as fact_usage_hours,
    coalesce(sum(gpu_hours) filter (where is_first), 0) as first_gpu_hours,
    sum(gpu_hours) as stated_gpu_hours, min(fact_gpu_hours) as fact_gpu_hours,
    coalesce(sum(list_cost) filter (where is_first), 0) as first_list_cost,
    sum(list_cost) as stated_list_cost, min(fact_list_cost) as fact_list_cost,
    coalesce(sum(contracted_cost) filter (where is_first), 0) as first_contracted_cost,
    sum(contracted_cost) as stated_contracted_cost, min(fact_contracted_cost) as fact_contracted_cost,
    coalesce(sum(billed_cost) filter (where is_first), 0) as first_billed_cost,
    sum(billed_cost) as stated_billed_cost, min(fact_billed_cost) as fact_billed_cost,
    coalesce(sum(effective_cost) filter (where is_first), 0) as first_effective_cost,
    sum(effective_cost) as stated_effective_cost, min(fact_effective_cost) as fact_effective_cost,
    coalesce(sum(reporting_cost) filter (where is_first), 0) as first_reporting_cost,
    sum(reporting_cost) as stated_reporting_cost, min(fact_reporting_cost) as fact_reporting_cost,
    coalesce(sum(accrued_cost) filter (where is_first), 0) as first_accrued_cost,
    sum(accrued_cost) as stated_accrued_cost, min(fact_accrued_cost) as fact_accrued_cost,
    coalesce(sum(estimated_cost) filter (where is_first), 0) as first_estimated_cost,
    sum(estimated_cost) as stated_estimated_cost, min(fact_estimated_cost) as fact_estimated_cost,
    coalesce(sum(uncertainty) filter (where is_first), 0) as first_uncertainty,
    sum(uncertainty) as stated_uncertainty, min(fact_uncertainty) as fact_uncertainty
  from stated
  group by account_id, resource_id, meter, cost_date, billing_currency, statement_month, provider,
    team, project, environment, cost_centre, dimensions, allocation_rule, is_share
),
-- What was 0 at first is split as the hours were, or else in equal parts of the first statement.
weighed as (
  select
    part.*,
    (sum(weight) over upto - weight) / sum(weight) over whole as before,
    sum(weight) over upto / sum(weight) over whole as upto
  from (
    select
      part.*,
      case
        when sum(first_quantity) over whole <> 0 then first_quantity
        when sum(first_billed_cost) over whole <> 0 then first_billed_cost
        else first_rows
      end as weight
    from part
    window whole as (
      partition by account_id, resource_id, meter, cost_date, billing_currency, statement_month
    )
  ) as part
  window
    whole as (
      partition by account_id, resource_id, meter, cost_date, billing_currency, statement_month
    ),
    upto as (
      partition by account_id, resource_id, meter, cost_date, billing_currency, statement_month
      order by place
    )
),
restated as (
  select
    account_id, resource_id, meter, cost_date, billing_currency, statement_month, provider,
    team, project, environment, cost_centre, dimensions, allocation_rule, is_share,
    mart.restated_part(
      fact_quantity + sum(stated_quantity) over whole, first_quantity, sum(first_quantity) over upto,
      sum(first_quantity) over whole, before, upto
    ) - stated_quantity as quantity,
    mart.restated_part(
      fact_usage_hours + sum(stated_usage_hours) over whole, first_usage_hours, sum(first_usage_hours) over upto,
      sum(first_usage_hours) over whole, before, upto
    ) - stated_usage_hours as usage_hours,
    mart.restated_part(
      fact_gpu_hours + sum(stated_gpu_hours) over whole, first_gpu_hours, sum(first_gpu_hours) over upto,
      sum(first_gpu_hours) over whole, before, upto
    ) - stated_gpu_hours as gpu_hours,
    mart.restated_part(
      fact_list_cost + sum(stated_list_cost) over whole, first_list_cost, sum(first_list_cost) over upto,
      sum(first_list_cost) over whole, before, upto
    ) - stated_list_cost as list_cost,
    mart.restated_part(
      fact_contracted_cost + sum(stated_contracted_cost) over whole, first_contracted_cost, sum(first_contracted_cost) over upto,
      sum(first_contracted_cost) over whole, before, upto
    ) - stated_contracted_cost as contracted_cost,
    mart.restated_part(
      fact_billed_cost + sum(stated_billed_cost) over whole, first_billed_cost, sum(first_billed_cost) over upto,
      sum(first_billed_cost) over whole, before, upto
    ) - stated_billed_cost as billed_cost,
    mart.restated_part(
      fact_effective_cost + sum(stated_effective_cost) over whole, first_effective_cost, sum(first_effective_cost) over upto,
      sum(first_effective_cost) over whole, before, upto
    ) - stated_effective_cost as effective_cost,
    mart.restated_part(
      fact_reporting_cost + sum(stated_reporting_cost) over whole, first_reporting_cost, sum(first_reporting_cost) over upto,
      sum(first_reporting_cost) over whole, before, upto
    ) - stated_reporting_cost as reporting_cost,
    mart.restated_part(
      fact_accrued_cost + sum(stated_accrued_cost) over whole, first_accrued_cost, sum(first_accrued_cost) over upto,
      sum(first_accrued_cost) over whole, before, upto
    ) - stated_accrued_cost as accrued_cost,
    mart.restated_part(
      fact_estimated_cost + sum(stated_estimated_cost) over whole, first_estimated_cost, sum(first_estimated_cost) over upto,
      sum(first_estimated_cost) over whole, before, upto
    ) - stated_estimated_cost as estimated_cost,
    mart.restated_part(
      fact_uncertainty + sum(stated_uncertainty) over whole, first_uncertainty, sum(first_uncertainty) over upto,
      sum(first_uncertainty) over whole, before, upto
    ) - stated_uncertainty as uncertainty
  from weighed
  window
    whole as (
      partition by account_id, resource_id, meter, cost_date, billing_currency, statement_month
    ),
    upto as (
      partition by account_id, resource_id, meter, cost_date, billing_currency, statement_month
      order by place
    )
)
select
  restated.account_id, restated.resource_id, restated.meter, restated.cost_date,
  date_trunc('month', restated.cost_date::timestamp)::date as cost_month,
  restated.statement_month, restated.billing_currency, restated.provider, described.service_name,
  described.resource_type, described.resource_name, described.sku, described.region_id,
  described.region_name, restated.team, restated.project, restated.environment,
  restated.cost_centre, restated.dimensions, restated.allocation_rule, restated.is_share,
  described.gpu_model,
  restated.quantity,
  restated.usage_hours,
  restated.gpu_hours,
  restated.list_cost,
  restated.contracted_cost,
  restated.billed_cost,
  restated.effective_cost,
  restated.reporting_cost,
  restated.accrued_cost,
  restated.estimated_cost,
  restated.uncertainty
from restated
join stated as described
  using (account_id, resource_id, meter, cost_date, billing_currency, statement_month)
where described.place = 1 and (
  restated.quantity, restated.usage_hours, restated.gpu_hours, restated.list_cost,
  restated.contracted_cost, restated.billed_cost, restated.effective_cost,
  restated.reporting_cost, restated.accrued_cost, restated.estimated_cost, restated.uncertainty
) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
