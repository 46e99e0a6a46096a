-- Measured use of what is paid for. The tables are new and empty: nothing is locked or filled.
create table reference.metric (
  account_id text not null,
  metric text not null,
  query text not null,
  measure text not null check (measure in ('active', 'allocated')),
  unit text not null check (unit in ('ratio', 'percent', 'gpus')),
  resource_label text not null,
  resource_by text not null check (resource_by in ('name', 'id', 'file')),
  device_label text,
  mapping jsonb not null,
  primary key (account_id, metric)
);
comment on table reference.metric is 'One row per metric that the configuration declares.';
comment on column reference.metric.device_label is
  'Label that tells the GPUs of one resource apart; null: a series is of the whole resource.';
comment on column reference.metric.mapping is
  'Rows of the mapping file: values of the label as members, ids of resources as their values.';

create table mart.utilisation_state (
  refreshed_at timestamptz not null
);
comment on table mart.utilisation_state is
  'At most one row: the clock of the last refresh of use; none: all days are computed anew.';

create table mart.fct_utilisation_daily (
  account_id text not null,
  resource_id text not null,
  usage_date date not null,
  billing_currency text not null,
  provider text not null,
  hours_unit text not null check (hours_unit in ('GPU-Hours', 'Hours')),
  paid_hours numeric(20,9) not null,
  active_hours numeric(20,9) not null,
  allocated_idle_hours numeric(20,9) not null,
  unallocated_hours numeric(20,9) not null,
  unknown_hours numeric(20,9) not null,
  billed_cost ledger.money not null,
  active_cost ledger.money not null,
  allocated_idle_cost ledger.money not null,
  unallocated_cost ledger.money not null,
  unknown_cost ledger.money not null,
  reporting_cost ledger.money not null,
  active_reporting_cost ledger.money not null,
  allocated_idle_reporting_cost ledger.money not null,
  unallocated_reporting_cost ledger.money not null,
  unknown_reporting_cost ledger.money not null,
  primary key (account_id, resource_id, usage_date, billing_currency),
  check (active_hours + allocated_idle_hours + unallocated_hours + unknown_hours = paid_hours),
  check (active_cost + allocated_idle_cost + unallocated_cost + unknown_cost = billed_cost),
  check (
    active_reporting_cost + allocated_idle_reporting_cost + unallocated_reporting_cost
      + unknown_reporting_cost = reporting_cost
  )
);
create index fct_utilisation_daily_by_date on mart.fct_utilisation_daily (usage_date);
comment on table mart.fct_utilisation_daily is
  'One row per resource, UTC day and billing currency: paid hours and cost by what measurements say of their use.';
