-- What the daemon's loops do: one row per loop of each daemon, replaced every few seconds.
create table mart.daemon_loop (
  daemon_id uuid not null,
  name text not null,
  kind text not null check (kind in ('account', 'transform', 'reports', 'messages')),
  state text not null check (state in ('ok', 'failing', 'dead')),
  failures_in_a_row integer not null,
  error text,
  last_good_at timestamptz,
  beat_at timestamptz not null,
  primary key (daemon_id, name)
);
comment on table mart.daemon_loop is
  'One row per loop of a running daemon; a daemon that ends in good order takes its rows away.';
comment on column mart.daemon_loop.beat_at is
  'When the daemon last reported, by the database''s clock.';
