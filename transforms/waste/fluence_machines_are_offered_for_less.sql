-- Waste: a Fluence machine costs at least 10 % more than the market asks now for one of its size.
-- Kind: paid too much
-- Action: where another region will do, start one there and delete this one before its next epoch.
-- Counted: the last 7 whole UTC days at the difference of the two prices, for 730 hours.
with offer as (
  select distinct on (account_id, sku) account_id, sku, region_id, price_per_epoch
  from staging.stg_fluence__offer
  where ended_at is null and available_instances > 0 and price_per_epoch > 0
  order by account_id, sku, price_per_epoch, region_id collate "C"
)
select
  vm.account_id,
  'fluence' as provider,
  vm.resource_id,
  vm.name as resource_name,
  vm.created_at as since,
  round(
    mart.cost_per_month(vm.account_id, vm.resource_id, vm.created_at, :'now')
      * (1 - offer.price_per_epoch / vm.price_per_epoch),
    9
  ) as cost_per_month,
  format(
    '%s USDC an epoch for a %s in %s, offered in %s for %s',
    trim_scale(vm.price_per_epoch), vm.sku, vm.region_id, offer.region_id,
    trim_scale(offer.price_per_epoch)
  ) as evidence
from staging.stg_fluence__vm as vm
join offer on offer.account_id = vm.account_id and offer.sku = vm.sku
where vm.ended_at is null and offer.price_per_epoch <= 0.9 * vm.price_per_epoch
