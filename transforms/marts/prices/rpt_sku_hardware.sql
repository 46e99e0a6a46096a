-- One row per provider and SKU that was ever rented: what a machine of it is made of, as its newest
-- resource showed it. Null where no answer tells; a rental of several nodes is one machine.
select distinct on (provider, sku)
  provider,
  sku,
  gpu_model,
  gpu_count,
  vcpu_count,
  memory_gib
from mart.dim_resource
where sku is not null
order by provider, sku, vcpu_count is null, valid_from desc, account_id collate "C",
  resource_id collate "C"
