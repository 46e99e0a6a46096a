-- Everything that open months state, after the reporting currency changed: one row per resource, from
-- the first day of which an open month states a charge.
insert into changed_resource (account_id, resource_id, from_at)
select account_id, resource_id, :'from'::date::timestamp at time zone 'UTC'
from mart.dim_resource
union
select charge.account_id, charge.resource_id, min(charge.charge_date)::timestamp at time zone 'UTC'
from ledger.charge
join ledger.run using (run_id)
where run.books_open_from >= :'from'::date and charge.charge_date < :'from'::date
group by charge.account_id, charge.resource_id
