-- One row per currency: what providers hold back for machines that run. It is no cost: it comes back.
select billing_currency as metric, sum(reserved_amount) as value
from mart.rpt_resource_reserve
where $__filtered(provider, account, team, region, resource_type, sku)
group by billing_currency
order by billing_currency
