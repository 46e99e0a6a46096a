-- How each kind of reference file was read last. A kind is taken whole and valid or not at all: when
-- its files have defects, the rows of the last valid reading stay in force.
create table reference.file_state (
  kind text primary key check (
    kind in ('rates', 'contracts', 'billing_bases', 'exchange_rates', 'allocation', 'budgets')
  ),
  files text[] not null,
  fingerprint bytea,
  taken_at timestamptz not null,
  refused_at timestamptz,
  defects text[] not null default '{}',
  check ((refused_at is null) = (defects = '{}'))
);
comment on table reference.file_state is
  'One row per kind of reference file that was taken at least once.';
comment on column reference.file_state.files is 'Names of the files that the configuration lists.';
comment on column reference.file_state.fingerprint is
  'SHA-256 of the rows in force: equal files need no work.';
comment on column reference.file_state.taken_at is 'When the rows in force were taken from the files.';
comment on column reference.file_state.refused_at is
  'Since when the files have defects and the rows of taken_at stay in force; null: they are valid.';
comment on column reference.file_state.defects is 'File, line, column and reason, one text each.';

insert into reference.file_state (kind, files, taken_at)
select kind, array_agg(distinct source_file order by source_file), max(loaded_at)
from (
  select 'rates' as kind, source_file, loaded_at, superseded_at from reference.rate
  union all
  select 'contracts', source_file, loaded_at, superseded_at from reference.contract
  union all
  select 'billing_bases', source_file, loaded_at, superseded_at from reference.billing_basis
  union all
  select 'exchange_rates', source_file, loaded_at, superseded_at from reference.exchange_rate
  union all
  select 'allocation', source_file, loaded_at, superseded_at from reference.allocation_rule
  union all
  select 'budgets', source_file, loaded_at, superseded_at from reference.budget
) as loaded
where superseded_at is null
group by kind;

drop table reference.loaded;
