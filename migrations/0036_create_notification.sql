-- What was told to whom: a state change and its messages are stored together, so that a process
-- that dies in between loses nothing and tells nothing twice.
create schema notify;

create table notify.threshold_state (
  budget text not null,
  period_start date not null,
  kind text not null check (kind in ('actual', 'forecast')),
  percent numeric not null,
  is_reached boolean not null,
  changes integer not null check (changes >= 0),
  changed_at timestamptz not null,
  primary key (budget, period_start, kind, percent)
);
comment on table notify.threshold_state is
  'One row per threshold of a budget and period: what was last known of it for certain.';
comment on column notify.threshold_state.changes is
  'How often it changed: part of each message''s idempotency key.';

create table notify.outbox (
  notification_id bigint generated always as identity primary key,
  idempotency_key text not null,
  channel text not null,
  payload jsonb not null,
  created_at timestamptz not null,
  next_attempt_at timestamptz not null,
  attempts integer not null default 0 check (attempts >= 0),
  last_error text,
  delivered_at timestamptz,
  given_up_at timestamptz,
  unique (idempotency_key, channel),
  check (delivered_at is null or given_up_at is null)
);
comment on table notify.outbox is
  'One row per message and channel: sent at least once, always under the same idempotency key.';
comment on column notify.outbox.attempts is 'Attempts begun, also those that a kill cut short.';
comment on column notify.outbox.last_error is
  'A status or an error code; never an address, a secret or an answer''s text.';
create index outbox_due on notify.outbox (next_attempt_at)
  where delivered_at is null and given_up_at is null;

create table notify.hold_back (
  hold_back_id bigint generated always as identity primary key,
  budget text not null,
  period_start date not null,
  kind text not null,
  percent numeric not null,
  reason text not null,
  held_at timestamptz not null,
  released_at timestamptz
);
comment on table notify.hold_back is
  'Changes that were not told because the data could not be trusted; released once it can be.';
create unique index hold_back_standing on notify.hold_back (budget, period_start, kind, percent)
  where released_at is null;
