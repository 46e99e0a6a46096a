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

-- Called by the landing writer with a session's temporary table `incoming` (entity, record_key,
-- content_hash, payload, reason), which holds every record of one complete sweep of one slice;
-- `reason` is set on records that failed their schema. One call is one transaction: rows, queue,
-- sweep and watermark appear together or not at all.
create function landing.apply_sweep(
  in p_account_id text,
  in p_stream text,
  in p_slice text,
  in p_entities text[],
  in p_windowed_entities text[],
  in p_started_at timestamptz,
  in p_duration_ms integer,
  in p_requests integer,
  in p_retries integer,
  in p_pages integer,
  in p_pages_hash bytea,
  in p_unknown_fields text[],
  out sweep_id bigint,
  out records integer,
  out records_new integer,
  out records_changed integer,
  out records_gone integer,
  out records_quarantined integer
) language plpgsql as $$
declare
  v_last_complete_at timestamptz;
begin
  select watermark.complete_at into v_last_complete_at
  from landing.watermark
  where watermark.account_id = p_account_id and watermark.stream = p_stream
    and watermark.slice = p_slice
  for update;
  if v_last_complete_at > p_started_at then
    raise exception 'a later sweep (%) of % % is already landed', v_last_complete_at, p_stream,
      p_slice using errcode = 'MH001';
  end if;

  insert into landing.sweep (
    account_id, stream, slice, started_at, duration_ms, outcome, requests, retries, pages, records,
    records_new, records_changed, records_gone, records_quarantined, unknown_fields
  ) values (
    p_account_id, p_stream, p_slice, p_started_at, p_duration_ms, 'complete', p_requests,
    p_retries, p_pages, 0, 0, 0, 0, 0, p_unknown_fields
  ) returning sweep.sweep_id into sweep_id;

  -- What the provider said until now and does not say any more. A record in quarantine is still
  -- there; one whose key cannot be read could be any of its entity's.
  with outdated as (
    select
      version.version_id,
      case when good.record_key is null then 'gone' else 'changed' end as because
    from landing.version
    left join pg_temp.incoming as good
      on good.entity = version.entity and good.record_key = version.record_key
      and good.reason is null
    where version.account_id = p_account_id and version.slice = p_slice
      and version.entity = any (p_entities) and version.ended_at is null
      and good.content_hash is distinct from version.content_hash
      and (
        good.record_key is not null
        or (
          version.entity <> all (p_windowed_entities)
          and not exists (
            select from pg_temp.incoming as bad
            where bad.reason is not null and bad.entity = version.entity
              and (bad.record_key is null or bad.record_key = version.record_key)
          )
        )
      )
  ),
  ended as (
    update landing.version
    set seen_to = greatest(version.seen_from, v_last_complete_at),
        ended_at = p_started_at,
        ended_because = outdated.because
    from outdated
    where version.version_id = outdated.version_id
    returning version.version_id, version.entity, version.record_key, version.seen_to,
      version.ended_because
  ),
  queued as (
    insert into landing.change (
      account_id, entity, slice, record_key, version_id, kind, previous_seen_to
    )
    select p_account_id, ended.entity, p_slice, ended.record_key, ended.version_id, 'gone',
      ended.seen_to
    from ended
    where ended.ended_because = 'gone'
    returning change_id
  )
  select count(*) filter (where ended.ended_because = 'gone'),
    count(*) filter (where ended.ended_because = 'changed')
  into records_gone, records_changed
  from ended;

  with added as (
    insert into landing.version (
      account_id, entity, slice, record_key, content_hash, payload, first_sweep_id, seen_from
    )
    select p_account_id, incoming.entity, p_slice, incoming.record_key, incoming.content_hash,
      incoming.payload, apply_sweep.sweep_id, p_started_at
    from pg_temp.incoming
    where incoming.reason is null
      and not exists (
        select from landing.version
        where version.account_id = p_account_id and version.entity = incoming.entity
          and version.slice = p_slice and version.record_key = incoming.record_key
          and version.ended_at is null
      )
    returning version.version_id, version.entity, version.record_key
  ),
  queued as (
    insert into landing.change (
      account_id, entity, slice, record_key, version_id, kind, previous_seen_to
    )
    select p_account_id, added.entity, p_slice, added.record_key, added.version_id,
      case when former.version_id is null then 'new' else 'changed' end, former.seen_to
    from added
    left join landing.version as former
      on former.account_id = p_account_id and former.entity = added.entity
      and former.slice = p_slice and former.record_key = added.record_key
      and former.ended_at = p_started_at and former.ended_because = 'changed'
      and former.version_id = (
        select max(ended.version_id) from landing.version as ended
        where ended.account_id = p_account_id and ended.entity = added.entity
          and ended.slice = p_slice and ended.record_key = added.record_key
          and ended.version_id <> added.version_id
      )
    returning kind
  )
  select count(*) filter (where queued.kind = 'new') into records_new from queued;

  insert into landing.quarantine (
    account_id, stream, entity, slice, record_key, content_hash, payload, reason, first_seen_at,
    last_seen_at
  )
  select distinct on (incoming.entity, incoming.record_key, incoming.content_hash) p_account_id,
    p_stream, incoming.entity, p_slice, incoming.record_key, incoming.content_hash,
    incoming.payload, incoming.reason, p_started_at, p_started_at
  from pg_temp.incoming
  where incoming.reason is not null
  on conflict (account_id, entity, slice, record_key, content_hash) do update
    set last_seen_at = excluded.last_seen_at, reason = excluded.reason, released_at = null;
  update landing.quarantine set released_at = p_started_at
  where quarantine.account_id = p_account_id and quarantine.entity = any (p_entities)
    and quarantine.slice = p_slice and quarantine.released_at is null
    and not exists (
      select from pg_temp.incoming as bad
      where bad.reason is not null and bad.entity = quarantine.entity
        and bad.content_hash = quarantine.content_hash
        and bad.record_key is not distinct from quarantine.record_key
    );

  select count(*) filter (where incoming.reason is null),
    count(*) filter (where incoming.reason is not null)
  into records, records_quarantined
  from pg_temp.incoming;
  update landing.sweep
  set records = apply_sweep.records, records_new = apply_sweep.records_new,
    records_changed = apply_sweep.records_changed, records_gone = apply_sweep.records_gone,
    records_quarantined = apply_sweep.records_quarantined
  where sweep.sweep_id = apply_sweep.sweep_id;

  insert into landing.watermark (
    account_id, stream, slice, complete_at, sweep_id, pages_hash, records
  )
  values (
    p_account_id, p_stream, p_slice, p_started_at, apply_sweep.sweep_id,
    case when apply_sweep.records_quarantined = 0 then p_pages_hash else '' end,
    apply_sweep.records
  )
  on conflict (account_id, stream, slice) do update
    set complete_at = excluded.complete_at, sweep_id = excluded.sweep_id,
      pages_hash = excluded.pages_hash, records = excluded.records;
end $$;

-- A complete sweep whose bytes equal the last complete one's: nothing can have changed. Returns
-- false, and does nothing, when the bytes differ.
create function landing.note_unchanged_sweep(
  p_account_id text,
  p_stream text,
  p_slice text,
  p_started_at timestamptz,
  p_duration_ms integer,
  p_requests integer,
  p_retries integer,
  p_pages integer,
  p_pages_hash bytea
) returns boolean language plpgsql as $$
begin
  with same as (
    select watermark.records, watermark.sweep_id
    from landing.watermark
    where watermark.account_id = p_account_id and watermark.stream = p_stream
      and watermark.slice = p_slice and watermark.pages_hash = p_pages_hash
      and watermark.complete_at <= p_started_at
    for update
  ),
  noted as (
    insert into landing.sweep (
      account_id, stream, slice, started_at, duration_ms, outcome, requests, retries, pages,
      records, records_new, records_changed, records_gone, records_quarantined, unknown_fields
    )
    select p_account_id, p_stream, p_slice, p_started_at, p_duration_ms, 'complete', p_requests,
      p_retries, p_pages, same.records, 0, 0, 0, 0, coalesce(last_sweep.unknown_fields, '{}')
    from same
    left join landing.sweep as last_sweep using (sweep_id)
    returning sweep_id
  )
  update landing.watermark
  set complete_at = p_started_at, sweep_id = noted.sweep_id
  from noted
  where watermark.account_id = p_account_id and watermark.stream = p_stream
    and watermark.slice = p_slice;
  return found;
end $$;

create index sweep_by_stream on landing.sweep (account_id, stream, started_at desc);
