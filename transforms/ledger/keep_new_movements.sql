-- Leaves the movements that neither their account nor a predecessor of it holds.
delete from found_movement
using ledger.wallet_movement as held
where held.movement_key = found_movement.movement_key and (
  held.account_id = found_movement.account_id
  or held.account_id in (
    select succession.predecessor_id
    from landing.account_succession as succession
    where succession.account_id = found_movement.account_id
  )
)
