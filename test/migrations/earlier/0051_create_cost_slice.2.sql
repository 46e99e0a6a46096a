-- Daily costs rolled up to what dashboards filter and group by, so that a year of ten thousand
-- resources is drawn from thousands of rows and not from millions.
create table mart.cost_slice (
  slice_id integer generated always as identity primary key,
  slice_key text not null unique,
  provider text not null,
  account_id text not null,
  service_name text,
  resource_type text,
  sku text,
  region_id text,
  region_name text,
  gpu_model text,
  meter text not null,
  billing_currency text not null,
  team text,
  project text,
  environment text,
  cost_centre text,
  dimensions jsonb not null,
  allocation_rule text,
  pool text,
  is_share boolean not null
);
comment on table mart.cost_slice is
  'One row per combination of what describes and allocates costs. Kept when nothing falls in it any more.';
comment on column mart.cost_slice.pool is
  'The pool of shared costs that the slice is in: split among teams when read.';
comment on column mart.cost_slice.is_share is
  'A part of a shared cost, as stated by a closed month.';

create table mart.cost_slice_daily (
  cost_date date not null,
  slice_id integer not null,
  statement_month date not null,
  usage_hours numeric(20, 9) not null,
  gpu_hours numeric(20, 9) not null,
  list_cost ledger.money not null,
  billed_cost ledger.money not null,
  effective_cost ledger.money not null,
  reporting_cost ledger.money not null,
  accrued_cost ledger.money not null,
  uncertainty ledger.money not null,
  primary key (cost_date, slice_id, statement_month)
);
comment on table mart.cost_slice_daily is
  'One row per slice, UTC day and month of the statement: the sum of its daily facts.';
create index cost_slice_daily_by_statement on mart.cost_slice_daily (statement_month);
