-- One row per machine for which its provider holds money back, the largest amounts first.
select
  resource_name, rpt_resource.resource_id, rpt_resource.provider, team, reserved_amount,
  billing_currency, epochs_covered,
  to_char(reserved_from at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as since,
  to_char(next_billing_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as next_charge
from mart.rpt_reserve
join mart.rpt_resource using (account_id, resource_id)
where rpt_resource.provider in (${provider:sqlstring})
  and rpt_resource.account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
order by reserved_amount desc, rpt_resource.resource_id
limit 200
