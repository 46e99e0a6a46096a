-- Claim: no machine runs for more than 24 hours of a day on one meter. (A committed pool is many
-- machines; a month's report may put one hour more on its last day than began on it.)
select account_id, resource_id, meter, cost_date, sum(usage_hours) as usage_hours
from mart.fct_cost_daily
where meter <> 'unused-commitment-hours'
group by account_id, resource_id, meter, cost_date
having sum(usage_hours) > 25
