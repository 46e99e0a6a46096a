-- For databases whose first four migrations ran before they had their last wording: what those
-- files gained later, and away with the functions that 0005 makes now.
drop function if exists landing.apply_sweep;
drop function if exists landing.note_unchanged_sweep;

create index if not exists sweep_by_stream on landing.sweep (account_id, stream, started_at desc);
create index if not exists charge_by_run on ledger.charge (run_id);

create table if not exists reference.loaded (
  is_only_row boolean primary key default true check (is_only_row),
  fingerprint bytea not null
);
comment on table reference.loaded is 'SHA-256 of what was loaded last: equal files need no work.';

create table if not exists mart.transform_state (
  is_only_row boolean primary key default true check (is_only_row),
  clock_at timestamptz not null
);
comment on table mart.transform_state is 'Until when time itself has been taken into account.';

do $$
begin
  if exists (
    select from pg_attribute
    where attrelid = 'landing.quarantine'::regclass and attname = 'record_key'
  ) then
    return;
  end if;
  create temporary table kept on commit drop as select * from landing.quarantine;
  drop table landing.quarantine;
  create table landing.quarantine (
    quarantine_id bigint generated always as identity primary key,
    account_id text not null,
    stream text not null,
    entity text not null,
    slice text not null,
    record_key text,
    content_hash bytea not null,
    payload jsonb not null,
    reason text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    released_at timestamptz,
    unique nulls not distinct (account_id, entity, slice, record_key, content_hash)
  );
  comment on table landing.quarantine is
    'Records that failed their schema, set aside with the reason until the schema is mended.';
  insert into landing.quarantine (
    account_id, stream, entity, slice, content_hash, payload, reason, first_seen_at, last_seen_at,
    released_at
  )
  select account_id, stream, entity, slice, content_hash, payload, reason, first_seen_at,
    last_seen_at, released_at
  from kept
  order by quarantine_id;
  drop table kept;
end $$;
