-- What the facts in `placed_slice` are worth to their slices: added with sign 1, taken back with -1.
insert into slice_delta
select
  slice_key, cost_date, statement_month,
  :'sign'::integer * usage_hours, :'sign'::integer * gpu_hours, :'sign'::integer * list_cost,
  :'sign'::integer * billed_cost, :'sign'::integer * effective_cost,
  :'sign'::integer * reporting_cost, :'sign'::integer * accrued_cost,
  :'sign'::integer * uncertainty
from placed_slice
