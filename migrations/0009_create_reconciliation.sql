-- The comparisons as the last check found them: working them out takes seconds, reading them must not.
create table mart.reconciliation (
  account_id text not null,
  provider text not null,
  month date not null,
  source text not null,
  line text not null,
  measure text not null,
  unit text not null,
  ours numeric,
  theirs numeric,
  difference numeric not null,
  class text not null check (class in (
    'matched', 'rounding', 'tax', 'timing', 'uncertainty', 'quantity', 'price', 'missing here',
    'missing there', 'unexplained'
  )),
  uncertainty numeric not null,
  rounding numeric not null,
  tax numeric not null,
  quantity_difference numeric,
  is_final boolean not null,
  is_proof boolean not null,
  note text,
  source_versions bigint[] not null,
  checked_at timestamptz not null
);
comment on table mart.reconciliation is
  'One row per comparison of one of our figures with the provider''s own, as of the last check.';
create index reconciliation_by_month on mart.reconciliation (month, account_id);
