-- What the budgets came to when they were judged last. The views that work it out read daily facts
-- and the ledger; dashboards and alerts ask for it far more often than it changes.
create table mart.budget_day (
  budget_row_id bigint not null,
  cost_date date not null,
  cost ledger.money not null,
  accrued_cost ledger.money not null,
  uncertainty ledger.money not null,
  is_incomplete boolean not null,
  primary key (budget_row_id, cost_date)
);
comment on table mart.budget_day is
  'One row per budget in force and UTC day on which its scope has costs, as of the last judgement.';

create table mart.budget_state (
  budget text not null,
  scope jsonb not null,
  period text not null,
  period_start date not null,
  period_end date not null,
  is_over boolean not null,
  state text not null check (state in ('ok', 'warning', 'at risk', 'broken', 'unknown')),
  doubt text,
  amount ledger.money,
  spent_cost ledger.money not null,
  accrued_cost ledger.money not null,
  uncertainty ledger.money not null,
  left_cost ledger.money,
  forecast_cost ledger.money,
  forecast_low_cost ledger.money,
  forecast_high_cost ledger.money,
  forecast_method text not null,
  share_used numeric,
  share_elapsed numeric not null,
  pace numeric,
  burn_per_day ledger.money,
  breaks_at timestamptz,
  known_at timestamptz not null,
  stalest_look_at timestamptz,
  judged_at timestamptz not null,
  actual_thresholds numeric[] not null,
  forecast_thresholds numeric[] not null,
  channels text[],
  primary key (budget, period_start),
  check ((state = 'unknown') = (doubt is not null))
);
comment on table mart.budget_state is
  'One row per budget in force and period (the running one and the one before), as of the last judgement.';
