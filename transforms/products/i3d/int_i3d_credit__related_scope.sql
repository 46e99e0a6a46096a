-- One row per credit note of a month from which on something of its account is computed again: our
-- charges of a month decide whether its credit notes are booked.
select note.account_id, note.resource_id, '-infinity'::date as from_date
from intermediate.int_i3d_credit__note as note
join (
  select account_id, min(from_date) as from_date
  from scope
  group by account_id
) as touched using (account_id)
where note.month + interval '1 month' > touched.from_date
group by note.account_id, note.resource_id
