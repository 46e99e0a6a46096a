-- One row per machine listed now: the money the provider holds for it. A deposit, given back at the
-- end of the rental or used up when the balance runs dry; never cost.
select
  vm.account_id,
  'fluence' as provider,
  vm.resource_id,
  vm.version_id,
  vm.name,
  vm.reserved_balance as reserved_amount,
  vm.price_per_epoch,
  vm.currency as billing_currency,
  vm.next_billing_at,
  vm.seen_from as reserved_from
from staging.stg_fluence__vm as vm
where vm.ended_at is null
