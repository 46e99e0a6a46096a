-- One row per status: how many resources are in it now, leaving out what has ended.
select status as metric, count(*) as value
from mart.rpt_resource
where status <> 'ended' and
  provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
group by status
order by count(*) desc
