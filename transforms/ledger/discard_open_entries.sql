-- Everything entered after the last close (or ever, when no month is closed).
delete from ledger.charge
where run_id > coalesce((select max(last_run_id) from ledger.closed_month), 0)
