-- What a run takes from and adds to cost dimensions: filled from the daily facts that it touches, as they were
-- before it and as they are after it.
create temporary table dimension_delta (
  dimension_key text not null,
  cost_date date not null,
  statement_month date not null,
  usage_hours numeric not null,
  gpu_hours numeric not null,
  list_cost numeric not null,
  billed_cost numeric not null,
  effective_cost numeric not null,
  reporting_cost numeric not null,
  accrued_cost numeric not null,
  uncertainty numeric not null
) on commit drop
