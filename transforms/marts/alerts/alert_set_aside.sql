-- One row per account and product with resources set aside, and one for the budgets and for the reports of
-- all accounts. `value`: hours since the first of them could not be computed; they are as they were before.
select coalesce(nullif(account_id, ''), 'all accounts') as account_id, product, max(age_hours) as value
from mart.rpt_set_aside
group by account_id, product
