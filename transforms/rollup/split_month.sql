-- The pools and UTC months whose split this run changes: costs of the shared_cost, or the teams' shares.
create temporary table split_month on commit drop as
select distinct shared_cost, date_trunc('month', cost_date::timestamp)::date as cost_month
from dimension_difference
where shared_cost is not null
union
select shared_cost, cost_month
from (
  (select * from share_before except select * from mart.allocation_share)
  union all
  (
    select share.* from mart.allocation_share as share
    where share.cost_month in (select cost_month from share_month)
    except
    select * from share_before
  )
) as changed
