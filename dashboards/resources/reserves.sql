-- One row per machine for which its provider holds money back, the largest amounts first.
select
  resource_name, resource_id, provider, team, reserved_amount, billing_currency, epochs_covered,
  to_char(reserved_from at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as since,
  to_char(next_billing_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as next_charge
from mart.rpt_resource_reserve
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
order by reserved_amount desc, resource_id
limit 200
