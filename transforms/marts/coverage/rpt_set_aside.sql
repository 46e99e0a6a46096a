-- One row per resource, landed change, report or budget that SQL cannot compute: since when, and why. A
-- resource's charges are as they were from `from_date` on; a report or budget is the last one that worked.
select
  held.account_id,
  held.product,
  held.step,
  coalesce(held.resource_id, held.entity || ' ' || held.record_key, held.product) as subject,
  held.reason,
  held.from_date,
  held.first_at,
  held.last_at,
  held.attempts,
  round(extract(epoch from clock.clock_at - held.first_at) / 3600, 2) as age_hours
from ledger.set_aside as held
cross join mart.rpt_clock as clock
