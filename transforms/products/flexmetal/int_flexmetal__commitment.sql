-- One row per pool of committed servers and period in which it has one capacity, in the columns of
-- the contract: what a committed server costs per hour at its rate then (the last one before the
-- period's end or the clock), a monthly price by 730 hours. Null where the rate card has none.
select
  term.account_id,
  'i3d-flexmetal' as provider,
  term.pool_id as resource_id,
  term.contract_id,
  term.sku,
  term.region_id,
  term.region_id as region_name,

  term.capacity,
  coalesce(rate.hour_price, rate.month_price / 730) as price_per_hour,
  rate.currency as billing_currency,

  term.starts_at,
  term.ends_at
from (
  select
    account_id, pool_id, contract_id, sku, region_id, term_id, capacity,
    min(starts_at) as starts_at, max(ends_at) as ends_at
  from intermediate.int_flexmetal__pool_term
  group by account_id, pool_id, contract_id, sku, region_id, term_id, capacity
) as term
cross join mart.transform_state as clock
left join lateral (
  select in_force.rate_id
  from intermediate.int_i3d__price as in_force
  where in_force.account_id = term.account_id and in_force.provider = 'i3d-flexmetal'
    and in_force.sku = term.sku and in_force.region_id = term.region_id
    and in_force.contract_id = term.contract_id
    and in_force.edge_at <= greatest(
      least(clock.clock_at, term.ends_at - interval '1 microsecond'), term.starts_at
    )
  order by in_force.edge_at desc
  limit 1
) as price on true
left join intermediate.int_i3d__rate as rate using (rate_id)
where term.capacity > 0
