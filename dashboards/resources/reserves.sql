-- One row per machine for which its provider holds money back, largest first.
select
  resource_name as "Resource", rpt_resource.resource_id as "Resource id",
  rpt_resource.provider as "Provider", team as "Team",
  reserved_amount as "Locked", billing_currency as "Unit", epochs_covered as "Epochs covered",
  reserved_from as "Since", next_billing_at as "Next charge"
from mart.rpt_reserve
join mart.rpt_resource using (account_id, resource_id)
where rpt_resource.provider in (${provider:sqlstring}) and rpt_resource.account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
order by reserved_amount desc, rpt_resource.resource_id
limit 200
