-- How the collecting goes, in few enough rows to be drawn: a year has a million sweeps.
create table mart.sweep_hour (
  account_id text not null,
  stream text not null,
  hour_start timestamptz not null check (hour_start = date_trunc('hour', hour_start, 'UTC')),
  sweeps integer not null,
  failed integer not null,
  denied integer not null,
  requests bigint not null,
  retries bigint not null,
  records_changed bigint not null,
  records_quarantined bigint not null,
  duration_ms bigint not null,
  longest_ms integer not null,
  primary key (hour_start, account_id, stream)
);
comment on table mart.sweep_hour is
  'One row per account, stream and UTC hour in which sweeps of it began.';
comment on column mart.sweep_hour.duration_ms is 'Of all its sweeps together.';

-- Failures are looked up by their time, among many more successes.
create index sweep_not_complete on landing.sweep (started_at) where outcome <> 'complete';

-- Gaps are found among all looks at a stream: with the outcome in the index, without reading the rows.
drop index landing.sweep_by_stream;
create index sweep_by_stream on landing.sweep (account_id, stream, started_at desc) include (outcome);

create table mart.coverage_gap (
  account_id text not null,
  stream text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  is_metering boolean not null,
  is_over boolean not null,
  is_missing boolean not null,
  may_hide_cost numeric,
  primary key (account_id, stream, starts_at)
);
comment on table mart.coverage_gap is
  'One row per stretch without a complete look at a stream, as rpt_coverage_gap told it last.';

create table mart.relation_size (
  measured_on date not null,
  schema_name text not null,
  relation_name text not null,
  measured_at timestamptz not null,
  table_bytes bigint not null,
  index_bytes bigint not null,
  rows_estimated bigint not null,
  primary key (measured_on, schema_name, relation_name)
);
comment on table mart.relation_size is
  'One row per UTC day and table: its size on disk when it was measured last on that day.';
comment on column mart.relation_size.rows_estimated is
  'As of the last vacuum or analyze; -1 before the first.';
