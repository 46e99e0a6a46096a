-- What is in no slice of costs any more.
delete from mart.compute_daily as stored
where not exists (
  select from compute_day
  where compute_day.cost_date = stored.cost_date and compute_day.provider = stored.provider
    and compute_day.resource_type = stored.resource_type and compute_day.sku = stored.sku
    and compute_day.region = stored.region
)
