-- One row per owner, resource, meter, billing currency and UTC day of the month's statement, in the
-- currency of the FOCUS cost columns (focus_…), with the owner's number among the `owners` that the
-- resource and meter have in the month of the day.
with owned as (
  select
    account_id, resource_id, meter, billing_currency, cost_month, cost_date, team, cost_centre,
    project, environment, dimensions, allocation_rule, is_share,
    sum(quantity) as quantity, sum(usage_hours) as usage_hours, sum(gpu_hours) as gpu_hours,
    sum(billed_cost) as billed_cost, sum(effective_cost) as effective_cost,
    sum(reporting_cost) as reporting_cost, sum(uncertainty) as uncertainty
  from mart.rpt_cost_owned_daily
  where statement_month = :'from'::date
  group by
    account_id, resource_id, meter, billing_currency, cost_month, cost_date, team, cost_centre,
    project, environment, dimensions, allocation_rule, is_share
),
numbered as (
  select
    owned.*,
    dense_rank() over (
      partition by account_id, resource_id, meter, billing_currency, cost_month
      order by
        team collate "C", cost_centre collate "C" nulls first, project collate "C" nulls first,
        environment collate "C" nulls first, dimensions::text collate "C",
        allocation_rule collate "C", is_share
    ) as owner_number
  from owned
)
select
  numbered.*,
  max(owner_number) over (
    partition by account_id, resource_id, meter, billing_currency, cost_month
  ) as owners,
  case when is_iso then billed_cost else reporting_cost end as focus_billed,
  -- The statement has it in the settlement asset: it is split by the parts alone.
  case when is_iso then effective_cost else 0 end as focus_effective
from numbered
cross join lateral (
  select billing_currency = any(string_to_array(:'iso_currencies', ' ')) as is_iso
) as currency
