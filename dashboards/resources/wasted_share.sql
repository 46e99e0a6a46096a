-- One row: what is wasted, as a share of what the last whole UTC day makes of a month of 730 hours.
with chosen as (
  select account_id, resource_id
  from mart.rpt_resource
  where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
    and team in (${team:sqlstring}) and region in (${region:sqlstring})
    and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
)
select
  (
    select coalesce(sum(cost_per_month), 0)
    from mart.rpt_waste_finding join chosen using (account_id, resource_id)
    where is_counted
  ) / nullif((
    select sum(cost) * 730 / 24
    from mart.rpt_resource_cost_day join chosen using (account_id, resource_id)
  ), 0) as value
