-- The statements' lines that contain the parts, as the lines file has them: one row per owner, resource,
-- meter, SKU, region, billing currency and (for corrections) corrected month of a statement.
-- `posted_cost` is what ledger entries and accruals add up to on the line's days, of which a team that
-- shares a cost is charged its share. `earlier_cost` of a correction is what earlier statements charge the
-- same owner for those days, `corrected_cost` what they do with the correction.
-- Input posting_day: ledger entries and accruals by day.
with stated as (
  select
    cost.*,
    sum(cost.billed_cost) over (
      partition by
        cost.account_id, cost.resource_id, cost.meter, cost.cost_date, cost.billing_currency,
        cost.team, cost.project, cost.environment, cost.cost_centre, cost.dimensions,
        cost.allocation_rule, cost.is_share
      order by cost.statement_month
      groups between unbounded preceding and 1 preceding
    ) as earlier_cost
  from mart.rpt_cost_owned_daily as cost
  where cost.account_id = any (:'accounts'::text[])
    and cost.resource_id = any (:'resource_ids'::text[])
    and cost.meter = any (:'meters'::text[])
),
posted as (
  select
    account_id, resource_id, meter, billing_currency, cost_date, statement_month,
    min(unit collate "C") as unit,
    sum(billed_cost) as billed_cost
  from posting_day
  where account_id = any (:'accounts'::text[])
    and resource_id = any (:'resource_ids'::text[])
    and meter = any (:'meters'::text[])
  group by account_id, resource_id, meter, billing_currency, cost_date, statement_month
)
select
  to_char(stated.statement_month, 'YYYY-MM') as month,
  to_char(nullif(stated.cost_month, stated.statement_month), 'YYYY-MM') as corrects_month,
  closed.month is not null as is_closed,
  stated.team, stated.cost_centre, stated.project, stated.environment,
  nullif(stated.dimensions, '{}') as dimensions,
  stated.allocation_rule, stated.is_share, stated.provider, stated.account_id,
  stated.service_name as service, stated.resource_id, stated.sku, stated.region_name as region,
  stated.meter,
  min(stated.cost_date) as first_date,
  max(stated.cost_date) as last_date,
  trim_scale(sum(stated.quantity)) as quantity,
  min(posted.unit collate "C") as unit,
  trim_scale(sum(stated.billed_cost)) as billed_cost,
  trim_scale(coalesce(sum(posted.billed_cost), 0)) as posted_cost,
  case
    when stated.statement_month > stated.cost_month
      then trim_scale(coalesce(sum(stated.earlier_cost), 0))
  end as earlier_cost,
  case
    when stated.statement_month > stated.cost_month
      then trim_scale(coalesce(sum(stated.earlier_cost), 0) + sum(stated.billed_cost))
  end as corrected_cost,
  stated.billing_currency,
  trim_scale(sum(stated.reporting_cost)) as reporting_cost,
  trim_scale(sum(stated.uncertainty)) as uncertainty
from stated
left join posted
  using (account_id, resource_id, meter, billing_currency, cost_date, statement_month)
left join ledger.closed_month as closed on closed.month = stated.statement_month
where (
  stated.account_id, stated.resource_id, stated.meter, to_char(stated.cost_month, 'YYYY-MM'),
  to_char(stated.statement_month, 'YYYY-MM')
) in (
  select * from unnest(
    :'accounts'::text[], :'resource_ids'::text[], :'meters'::text[], :'months'::text[],
    :'statement_months'::text[]
  )
)
group by
  stated.statement_month, stated.cost_month, closed.month, stated.team, stated.cost_centre,
  stated.project, stated.environment, stated.dimensions, stated.allocation_rule, stated.is_share,
  stated.provider, stated.account_id, stated.service_name, stated.resource_id, stated.sku,
  stated.region_name, stated.meter, stated.billing_currency
order by
  stated.statement_month, stated.cost_month, stated.team collate "C",
  stated.account_id collate "C", stated.resource_id collate "C", stated.meter collate "C",
  stated.billing_currency collate "C", stated.sku collate "C", stated.region_name collate "C",
  stated.cost_centre collate "C", stated.project collate "C", stated.environment collate "C",
  stated.dimensions, stated.allocation_rule collate "C", stated.is_share,
  stated.service_name collate "C", stated.provider collate "C"
