-- What is shown no more is kept with the time in which it was: reports as of then need it.
with dropped as (
  delete from mart.accrual
  using accrual_difference
  where accrual.account_id = accrual_difference.account_id
    and accrual.charge_key = accrual_difference.charge_key
    and accrual_difference.is_held
  returning accrual.*
)
insert into history.accrual
select dropped.*, :'now'
from dropped
where dropped.recorded_at < :'now'
