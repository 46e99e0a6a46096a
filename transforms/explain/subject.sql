-- The charges in question, withdrawn ones too: one by its key, or those of a resource (its id in any
-- case), on one meter if one is named. Of a UTC month: those that its statement contains a part of, and
-- those with days in it. One row per account and charge key.
-- Input posting_day: ledger entries and accruals by day.
select account_id, charge_key
from posting_day
where (charge_key = any (:'subjects'::text[]) or resource_id = any (:'subjects'::text[])
    or lower(resource_id) = any (:'lower_case_subjects'::text[]))
  and (:'account'::text is null or account_id = :'account')
  and (:'meter'::text is null or meter = :'meter')
  and (:'month'::date is null or :'month'::date in (cost_month, statement_month))
group by account_id, charge_key
order by account_id collate "C", charge_key collate "C"
