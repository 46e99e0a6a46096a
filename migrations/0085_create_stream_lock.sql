-- One row per stream of an account that is being run, and per page of a long listing on its way into
-- landing. Unlogged: after a crash of the server no run goes on, and nothing half read is of use.
create unlogged table landing.stream_lock (
  account_id text not null,
  stream text not null,
  holder text not null unique,
  expires_at timestamptz not null,
  primary key (account_id, stream)
);
comment on table landing.stream_lock is
  'Who runs a stream now; renewed while the run goes on, free to be taken when its time is up.';
comment on column landing.stream_lock.expires_at is 'By the clock of the database.';

create unlogged table landing.incoming_page (
  holder text not null,
  page integer not null,
  answer text not null,
  defects jsonb not null,
  primary key (holder, page)
);
comment on table landing.incoming_page is
  'Pages of a listing that is being read and is too long for memory; dropped when it has landed.';
-- Written and read once: compressing costs more than it saves.
alter table landing.incoming_page alter column answer set storage external;

-- Takes or renews the lock of a stream. Returns false when another run holds it. One taken over from
-- a run that died takes away the pages that dead runs have left.
create function landing.hold_stream(
  p_account_id text,
  p_stream text,
  p_holder text,
  p_lease interval
) returns boolean language plpgsql as $$
declare
  v_former_holder text;
begin
  -- By itself it does not wait for the run's own landing, which holds the row's key.
  update landing.stream_lock set expires_at = clock_timestamp() + p_lease
  where stream_lock.account_id = p_account_id and stream_lock.stream = p_stream
    and stream_lock.holder = p_holder;
  if found then
    return true;
  end if;
  select stream_lock.holder into v_former_holder
  from landing.stream_lock
  where stream_lock.account_id = p_account_id and stream_lock.stream = p_stream;
  insert into landing.stream_lock as held (account_id, stream, holder, expires_at)
  values (p_account_id, p_stream, p_holder, clock_timestamp() + p_lease)
  on conflict (account_id, stream) do update
    set holder = excluded.holder, expires_at = excluded.expires_at
    where held.expires_at < clock_timestamp();
  if not found then
    return false;
  end if;
  if v_former_holder <> p_holder then
    delete from landing.incoming_page
    where not exists (
      select from landing.stream_lock where stream_lock.holder = incoming_page.holder
    );
  end if;
  return true;
end $$;
