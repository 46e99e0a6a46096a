-- Prices or contracts of a provider changed from an instant on: all of its resources that lived
-- then or later are looked at again from that instant.
insert into changed_resource (account_id, resource_id, from_at)
select distinct account_id, resource_id, :'from'::timestamptz
from mart.dim_resource
where provider = :'provider' and (ended_at is null or ended_at >= :'from'::timestamptz)
