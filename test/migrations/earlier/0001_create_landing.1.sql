-- Landing: what the providers answered, as they answered it. Everything behind it can be rebuilt.
-- No foreign keys between landing tables: versions outlive the pruning of old sweep rows.
create schema landing;

create table landing.sweep (
  sweep_id bigint generated always as identity primary key,
  account_id text not null,
  stream text not null,
  slice text not null,
  started_at timestamptz not null,
  duration_ms integer not null check (duration_ms >= 0),
  outcome text not null check (outcome in ('complete', 'failed', 'denied')),
  error text,
  requests integer not null,
  retries integer not null,
  pages integer not null,
  records integer not null,
  records_new integer not null,
  records_changed integer not null,
  records_gone integer not null,
  records_quarantined integer not null,
  unknown_fields text[] not null default '{}',
  check ((outcome = 'complete') = (error is null))
);
comment on table landing.sweep is 'One row per run of one slice of a stream.';
comment on column landing.sweep.started_at is 'The run''s clock, not the machine''s.';
comment on column landing.sweep.duration_ms is 'Machine time spent.';
create index sweep_by_slice on landing.sweep (account_id, stream, slice, started_at desc);

create table landing.watermark (
  account_id text not null,
  stream text not null,
  slice text not null,
  complete_at timestamptz not null,
  sweep_id bigint not null,
  pages_hash bytea not null,
  records integer not null,
  primary key (account_id, stream, slice)
);
comment on table landing.watermark is 'The last complete sweep of a slice.';
comment on column landing.watermark.pages_hash is
  'SHA-256 over the answer bodies: equal bytes mean that nothing can have changed.';

create table landing.version (
  version_id bigint generated always as identity primary key,
  account_id text not null,
  entity text not null,
  slice text not null,
  record_key text not null,
  content_hash bytea not null,
  payload jsonb not null,
  first_sweep_id bigint not null,
  seen_from timestamptz not null,
  seen_to timestamptz,
  ended_at timestamptz,
  ended_because text check (ended_because in ('changed', 'gone')),
  check (num_nulls(seen_to, ended_at, ended_because) in (0, 3)),
  check (seen_to >= seen_from),
  check (ended_at >= seen_to)
) with (toast_tuple_target = 8160);
comment on table landing.version is
  'One row per distinct payload of a record, with the interval in which sweeps saw it.';
comment on column landing.version.seen_from is 'Instant of the first sweep that saw this payload.';
comment on column landing.version.seen_to is
  'Instant of the last sweep that saw it; null while it is what the provider says now.';
comment on column landing.version.ended_at is 'Instant of the sweep that saw something else.';
create unique index version_current on landing.version (account_id, entity, slice, record_key)
  where ended_at is null;
create index version_by_record on landing.version (account_id, entity, record_key, seen_from);

create table landing.change (
  change_id bigint generated always as identity primary key,
  account_id text not null,
  entity text not null,
  slice text not null,
  record_key text not null,
  version_id bigint not null,
  kind text not null check (kind in ('new', 'changed', 'gone')),
  previous_seen_to timestamptz
);
comment on table landing.change is
  'Queue from landing to the transform, which deletes what it has taken into account.';
comment on column landing.change.previous_seen_to is
  'Until when the record''s former payload was seen; null for kind new.';

create table landing.quarantine (
  quarantine_id bigint generated always as identity primary key,
  account_id text not null,
  stream text not null,
  entity text not null,
  slice text not null,
  content_hash bytea not null,
  payload jsonb not null,
  reason text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  released_at timestamptz,
  unique (account_id, entity, slice, content_hash)
);
comment on table landing.quarantine is
  'Records that failed their schema, set aside with the reason until the schema is mended.';
