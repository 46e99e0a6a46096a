-- Marts: what people and dashboards read. All of it can be rebuilt from landing and the ledger.
create schema mart;

create table mart.accrual (
  account_id text not null,
  charge_key text not null,
  provider text not null,
  resource_id text not null,
  meter text not null,
  sku text,
  region_id text,
  charge_date date not null,
  charge_period_start timestamptz not null,
  charge_period_end timestamptz not null,
  day_rule text not null check (day_rule in ('start', 'seconds')),
  charge_category text not null,
  pricing_category text not null,
  commitment_id text,
  commitment_status text,
  quantity numeric(24, 9) not null,
  unit text not null,
  usage_hours numeric(20, 9),
  gpu_hours numeric(20, 9),
  unit_price reference.unit_price,
  price_source text not null,
  list_cost ledger.money not null,
  contracted_cost ledger.money not null,
  billed_cost ledger.money not null,
  effective_cost ledger.money not null,
  billing_currency text not null,
  reporting_cost ledger.money,
  reporting_currency text not null,
  exchange_rate numeric(20, 10),
  basis text not null,
  uncertainty ledger.money not null,
  source_versions bigint[] not null,
  primary key (account_id, charge_key)
);
comment on table mart.accrual is
  'Charges that still grow (the open day): shown and counted, posted to the ledger once settled.';
create index accrual_by_resource on mart.accrual (account_id, resource_id);

create table mart.fct_cost_daily (
  account_id text not null,
  resource_id text not null,
  meter text not null,
  cost_date date not null,
  billing_currency text not null,
  provider text not null,
  quantity numeric(24, 9) not null,
  usage_hours numeric(20, 9) not null,
  gpu_hours numeric(20, 9) not null,
  list_cost ledger.money not null,
  contracted_cost ledger.money not null,
  billed_cost ledger.money not null,
  effective_cost ledger.money not null,
  reporting_cost ledger.money not null,
  accrued_cost ledger.money not null,
  estimated_cost ledger.money not null,
  uncertainty ledger.money not null,
  primary key (account_id, resource_id, cost_date, meter, billing_currency)
);
comment on table mart.fct_cost_daily is
  'One row per account, resource, UTC day, meter and billing currency: ledger plus accrual.';
comment on column mart.fct_cost_daily.accrued_cost is 'The part of billed_cost not posted yet.';
comment on column mart.fct_cost_daily.estimated_cost is
  'The part of billed_cost whose charges declare an uncertainty.';
create index fct_cost_daily_by_date on mart.fct_cost_daily (cost_date);

create table mart.dim_resource (
  account_id text not null,
  resource_id text not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  provider text not null,
  service_name text not null,
  resource_type text not null,
  name text,
  status text not null
    check (status in ('provisioning', 'running', 'stopped', 'releasing', 'ended', 'failed')),
  sku text,
  region_id text,
  region_name text,
  tags text[] not null,
  gpu_model text,
  gpu_count integer not null,
  vcpu_count numeric,
  memory_gib numeric,
  started_at timestamptz,
  ended_at timestamptz,
  source_version bigint,
  primary key (account_id, resource_id, valid_from),
  check (valid_to > valid_from)
);
comment on table mart.dim_resource is
  'One row per resource and interval in which nothing about it changed; valid_to null is now.';
create index dim_resource_current on mart.dim_resource (account_id, resource_id)
  where valid_to is null;
