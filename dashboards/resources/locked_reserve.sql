-- One row per currency: what providers hold back for machines that run. It is no cost: it comes back.
select billing_currency as metric, sum(reserved_amount) as value
from mart.rpt_resource_reserve
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
group by billing_currency
order by billing_currency
