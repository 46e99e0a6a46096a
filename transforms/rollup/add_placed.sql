-- What the facts in `placed_dimension` are worth to their dimensions: added with sign 1, taken back
-- with -1.
insert into dimension_delta (
  dimension_key, cost_date, statement_month, usage_hours, gpu_hours, list_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, uncertainty
)
select
  dimension_key, cost_date, statement_month,
  :'sign'::integer * usage_hours, :'sign'::integer * gpu_hours, :'sign'::integer * list_cost,
  :'sign'::integer * billed_cost, :'sign'::integer * effective_cost,
  :'sign'::integer * reporting_cost, :'sign'::integer * accrued_cost,
  :'sign'::integer * uncertainty
from placed_dimension
