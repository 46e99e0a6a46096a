-- What a FlexVM cloud is billed by, where that is not the hours of its virtual machines. A new
-- table: nothing is locked, nothing to fill.
create table reference.billing_basis (
  billing_basis_id bigint generated always as identity primary key,
  provider text not null,
  account_id text not null,
  cloud_id text not null,
  basis text not null check (basis in ('vm_hour', 'node_hour', 'fixed_month')),
  valid_from date not null check (extract(day from valid_from) = 1),
  valid_to date check (extract(day from valid_to) = 1),
  source_file text not null,
  source_line integer not null,
  loaded_at timestamptz not null,
  superseded_at timestamptz,
  check (valid_to > valid_from)
);
comment on table reference.billing_basis is
  'What a cloud is billed by in whole UTC calendar months, half open; without a row, VM hours.';
create index billing_basis_in_force
  on reference.billing_basis (account_id, cloud_id, valid_from)
  where superseded_at is null;
