-- Claim: every resource, report and budget is computed; what is set aside stays as it was.
select account_id, product, step, subject, reason, from_date, first_at, attempts
from mart.rpt_set_aside
