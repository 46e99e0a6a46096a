-- What may be spent: budgets as the file says, dated, in the reporting currency.
create table reference.budget (
  budget_row_id bigint generated always as identity primary key,
  budget text not null,
  scope jsonb not null check (jsonb_typeof(scope) = 'object'),
  period text not null check (period in ('month', 'quarter', 'year')),
  amount ledger.money check (amount > 0),
  growth_percent numeric(9, 4) check (growth_percent > -100),
  actual_thresholds numeric[] not null,
  forecast_thresholds numeric[] not null,
  channels text[],
  valid_from date not null,
  valid_to date not null,
  source_file text not null,
  loaded_at timestamptz not null,
  superseded_at timestamptz,
  check (num_nonnulls(amount, growth_percent) = 1),
  check (valid_to > valid_from)
);
comment on table reference.budget is
  'What may be spent in a scope and period; a changed file supersedes rows, it never rewrites them.';
comment on column reference.budget.scope is
  'Dimension to value, all of which must hold; a cost centre covers all below it; {} is everything.';
comment on column reference.budget.amount is
  'Per period, in the reporting currency; null where growth_percent says it.';
comment on column reference.budget.growth_percent is
  'The amount is the cost of the period before and this much more.';
comment on column reference.budget.actual_thresholds is 'Percent of the amount.';
comment on column reference.budget.channels is 'Who is told; null: every channel.';
create index budget_in_force on reference.budget (budget, valid_from)
  where superseded_at is null;
