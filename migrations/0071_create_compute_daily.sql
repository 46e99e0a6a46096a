-- What an hour of compute costs, per day and SKU: far fewer rows than the slices of costs it is made of,
-- so that a year of it is drawn at once. Made from them at each refresh.
create table mart.compute_daily (
  cost_date date not null,
  provider text not null,
  resource_type text not null,
  sku text not null,
  region text not null,
  gpu_model text not null,
  gpu_count integer not null,
  vcpu_count numeric,
  machine_hours numeric(24, 9) not null,
  gpu_hours numeric(24, 9) not null,
  vcpu_hours numeric,
  paid_cost ledger.money not null,
  list_cost ledger.money not null,
  uncertainty ledger.money not null,
  primary key (cost_date, provider, resource_type, sku, region)
);
comment on table mart.compute_daily is
  'One row per UTC day, provider, kind of machine, SKU and region: hours that ran and their cost.';
comment on column mart.compute_daily.paid_cost is
  'Billed cost in the reporting currency, with the machines'' own disks.';
comment on column mart.compute_daily.vcpu_hours is
  'Null where the SKU''s vCPUs are not known.';
