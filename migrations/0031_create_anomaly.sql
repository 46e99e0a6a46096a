-- Days whose cost is not what the scope's own past lets one expect. A refresh replaces the days that
-- it looks at; older findings stay.
create table mart.anomaly (
  scope_kind text not null check (scope_kind in ('provider', 'team', 'sku')),
  scope_value text not null,
  cost_date date not null,
  expected_cost ledger.money not null,
  actual_cost ledger.money not null,
  score numeric(9, 2) not null,
  direction text not null check (direction in ('up', 'down')),
  floor_cost ledger.money not null,
  reporting_currency text not null,
  found_at timestamptz not null,
  primary key (scope_kind, scope_value, cost_date),
  check ((direction = 'up') = (actual_cost > expected_cost)),
  check (abs(actual_cost - expected_cost) >= floor_cost)
);
comment on table mart.anomaly is 'One row per scope and UTC day that stands out.';
comment on column mart.anomaly.score is
  'How many robust standard deviations the day is off; negative when it cost less.';
comment on column mart.anomaly.floor_cost is
  'The smallest difference, in the reporting currency, that was worth telling that day.';
comment on column mart.anomaly.found_at is 'The clock of the run that first found the day so.';
