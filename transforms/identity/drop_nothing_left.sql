-- What predecessors are charged in full is no charge of the account.
delete from product_charge
where account_id = :'account_id'
  and (quantity, list_cost, billed_cost, effective_cost) = (0, 0, 0, 0)
  and exists (
    select from landing.account_succession as succession
    join ledger.charge as former on former.account_id = succession.predecessor_id
    where succession.account_id = product_charge.account_id
      and former.charge_key = product_charge.charge_key
  )
