-- One row per detector and resource of the last look, with whose the resource is now.
-- `is_counted`: the most expensive finding about its resource. Rows of different detectors can be about
-- the same money; the counted ones add up.
select
  waste.detector,
  detector.kind,
  detector.claim,
  detector.action,
  waste.account_id,
  waste.provider,
  waste.resource_id,
  waste.resource_name,
  coalesce(owned.resource_type, '(none)') as resource_type,
  coalesce(owned.sku, '(none)') as sku,
  coalesce(owned.region_name, owned.region_id, '(none)') as region,
  coalesce(owned.team, '(no team)') as team,
  waste.since,
  waste.cost_per_month,
  waste.evidence,
  row_number() over (
    partition by waste.account_id, waste.resource_id
    order by waste.cost_per_month desc, waste.detector collate "C"
  ) = 1 as is_counted
from mart.waste
join mart.waste_detector as detector using (detector)
left join mart.resource_ownership as owned
  on owned.account_id = waste.account_id and owned.resource_id = waste.resource_id
  and owned.to_date = 'infinity'
