-- One row per movement of a prepaid balance that is no cost: deposits, credits and their
-- corrections, above zero when money came in. What is charged is not here.
select
  account_id,
  provider,
  movement_key,
  kind,
  amount,
  currency as billing_currency,
  description,

  (occurred_at at time zone 'UTC')::date as movement_date,
  occurred_at,
  recorded_at
from ledger.wallet_movement
