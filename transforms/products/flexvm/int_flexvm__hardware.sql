-- One row per account and size of virtual machine: what it is made of as it was first told.
select distinct on (account_id, sku)
  account_id, sku, version_id, gpu_model, gpu_count, vcpu_count, memory_gib
from staging.stg_flexvm__instance_type
order by account_id, sku, version_id
