-- A budget in doubt is bounded: what is spent at most stands beside what is spent at least, and its state
-- is unknown only where nothing bounds it.
alter table mart.budget_day add column hidden_cost ledger.money default 0;
comment on column mart.budget_day.hidden_cost is
  'What usage without a price or an exchange rate costs at most; null where nothing known bounds it.';

alter table mart.budget_state
  drop constraint budget_state_check,
  add column most_cost ledger.money,
  add column doubt_kind text,
  add constraint doubt_of_unknown check (state <> 'unknown' or doubt is not null);
comment on column mart.budget_state.most_cost is
  'What is spent at most, where spent_cost is what is spent at least; null where nothing bounds it.';
comment on column mart.budget_state.doubt_kind is 'The doubt in a few words that stay the same.';
