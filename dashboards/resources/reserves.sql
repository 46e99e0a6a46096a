-- One row per machine for which its provider holds money back, the largest amounts first.
select
  resource_name, resource_id, provider, team, reserved_amount, billing_currency, epochs_covered,
  to_char(reserved_from at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as since,
  to_char(next_billing_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as next_charge
from mart.rpt_resource_reserve
where $__filtered(provider, account, team, region, resource_type, sku)
order by reserved_amount desc, resource_id
limit 200
