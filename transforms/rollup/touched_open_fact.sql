-- The daily facts in `touched_fact` as they are now: each by the facts' index, for few are touched of
-- many.
select fact.*
from touched_fact as touched
cross join lateral (
  select held.*
  from mart.fct_cost_daily as held
  where held.account_id = touched.account_id and held.resource_id = touched.resource_id
    and held.cost_date = touched.cost_date and held.meter = touched.meter
    and held.billing_currency = touched.billing_currency
    and held.statement_month = touched.statement_month
  offset 0
) as fact
