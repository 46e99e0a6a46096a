-- Claim: every resource's charges are computed; one that is set aside keeps those that it had.
select account_id, product, step, subject, reason, from_date, first_at, attempts
from mart.rpt_set_aside
