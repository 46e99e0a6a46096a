-- The reporting currency of what is stored: a changed one recomputes the open months.
alter table mart.transform_state add column reporting_currency text;
comment on column mart.transform_state.reporting_currency is
  'Of the amounts of open months; null until the first transform after the upgrade.';
