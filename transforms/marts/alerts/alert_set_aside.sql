-- One row per account and product with resources set aside. `value`: hours since the first of them
-- could not be computed; their charges are as they were before.
select account_id, product, max(age_hours) as value
from mart.rpt_set_aside
group by account_id, product
