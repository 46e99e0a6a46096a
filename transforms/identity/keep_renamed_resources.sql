-- The descriptions of a renamed account's resources that closed months have costs of stay with it.
insert into expected_resource (
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
  status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
  started_at, ended_at, source_version
)
select
  held.account_id, held.resource_id, held.valid_from, held.valid_to, held.provider,
  held.service_name, held.resource_type, held.name, held.status, held.sku, held.region_id,
  held.region_name, held.tags, held.gpu_model, held.gpu_count, held.vcpu_count, held.memory_gib,
  held.started_at, held.ended_at, held.source_version
from (select distinct account_id, resource_id from changed_resource) as changed
join landing.account on account.account_id = changed.account_id and account.renamed_to is not null
join landing.account_succession as succession
  on succession.predecessor_id = account.account_id and succession.account_id = account.renamed_to
join mart.dim_resource as held
  on held.account_id = changed.account_id and held.resource_id = changed.resource_id
where exists (
  select from ledger.charge
  where charge.account_id = held.account_id and charge.resource_id = held.resource_id
    and charge.charge_date < succession.keeps_before
)
