delete from ledger.wallet_movement
where run_id > coalesce((select max(last_run_id) from ledger.closed_month), 0)
