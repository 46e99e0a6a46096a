-- A closed month's costs as they were stated: shared costs are split in it already.
select closed_cost.*, null::text as shared_cost
from ledger.closed_cost
where statement_month = :'month'::date
