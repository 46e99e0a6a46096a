-- One row per ledger entry, with the first month that was open when it was posted. `twin_open_from` is
-- that of its reversal, or of the entry that it reverses: null where there is neither.
select
  charge.*,
  run.books_open_from,
  twin_run.books_open_from as twin_open_from
from ledger.charge
join ledger.run using (run_id)
left join ledger.charge as reversal on reversal.reverses_charge_id = charge.charge_id
left join ledger.charge as reversed on reversed.charge_id = charge.reverses_charge_id
left join ledger.run as twin_run on twin_run.run_id = coalesce(reversal.run_id, reversed.run_id)
