-- Claim: all usage has a price; without one it is counted as 0.
select
  account_id, resource_id, provider, sku, region_id, min(charge_date) as since,
  sum(quantity) as quantity, min(unit collate "C") as unit
from intermediate.known_charge
where price_source = 'missing'
group by account_id, resource_id, provider, sku, region_id
