delete from found_movement
using ledger.wallet_movement as held
where held.account_id = found_movement.account_id
  and held.movement_key = found_movement.movement_key
