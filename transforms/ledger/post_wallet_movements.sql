insert into ledger.wallet_movement (
  run_id, recorded_at, account_id, provider, movement_key, kind, occurred_at, amount, currency,
  description, source_versions
)
select
  :'run_id', :'now', account_id, provider, movement_key, kind, occurred_at, amount, currency,
  description, source_versions
from found_movement
order by account_id collate "C", occurred_at, movement_key collate "C"
