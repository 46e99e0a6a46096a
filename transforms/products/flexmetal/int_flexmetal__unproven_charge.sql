-- One row per defect: an hour on demand that is certain although its server names a contract of which
-- nothing tells the capacity (no contract row, no quota answer behind the charge) and whose price is
-- another; and a server that has been delivered for over an hour and costs nothing.
select
  charge.account_id,
  charge.provider,
  charge.resource_id,
  charge.charge_key,
  'certain without a known capacity of contract ' || life.contract_id as defect
from intermediate.int_flexmetal__life as life
join intermediate.known_charge as charge
  on charge.account_id = life.account_id and charge.resource_id = life.server_id
where life.contract_id <> '' and charge.meter = 'server-hours' and charge.uncertainty = 0
  and charge.billed_cost <> 0
  and not exists (
    select from reference.contract
    where contract.provider = charge.provider and contract.contract_id = life.contract_id
      and contract.region = life.region_id and contract.sku = life.sku
      and coalesce(contract.account_id, life.account_id) = life.account_id
      and contract.superseded_at is null
  )
  and not exists (
    select from landing.version
    where version.version_id = any (charge.source_versions) and version.entity = 'flexmetal.quota'
  )
  and not exists (
    select from intermediate.int_i3d__price as price
    join intermediate.int_i3d__rate as rate using (rate_id)
    where price.account_id = life.account_id and price.contract_id = life.contract_id
      and price.sku = life.sku and price.region_id = life.region_id
      and rate.hour_price = charge.unit_price
  )
union all
select
  life.account_id,
  'i3d-flexmetal',
  life.server_id,
  null,
  'delivered and charged nothing'
from intermediate.int_flexmetal__life as life
cross join mart.transform_state as clock
where life.is_listed and life.status in ('running', 'releasing')
  and coalesce(life.started_at, '-infinity') < clock.clock_at - interval '1 hour'
  and not exists (
    select from intermediate.known_charge as charge
    where charge.account_id = life.account_id and charge.resource_id = life.server_id
  )
