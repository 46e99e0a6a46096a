delete from mart.accrual
using accrual_difference
where accrual.account_id = accrual_difference.account_id
  and accrual.charge_key = accrual_difference.charge_key
  and accrual_difference.is_held
