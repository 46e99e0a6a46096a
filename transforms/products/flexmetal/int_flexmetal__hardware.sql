-- One row per account and instance type: its hardware as it was first told. Later availability
-- changes the plan's record, not what a server is made of.
select distinct on (account_id, sku)
  account_id, sku, version_id, gpu_model, gpu_count, core_count, memory_gib
from staging.stg_flexmetal__plan
order by account_id, sku, version_id
