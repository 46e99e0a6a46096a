-- One row per account, stream and reason for which records wait in quarantine.
select stream, reason, sum(records) as records, max(age_hours) as age_hours
from mart.rpt_quarantine
where $__filtered(account, stream)
group by account_id, stream, reason
order by age_hours desc
limit 50
