-- What is expected of each stream of each account: coverage is held against it.
create table landing.expectation (
  account_id text not null,
  stream text not null,
  expected_from timestamptz not null,
  stale_after interval not null,
  is_metering boolean not null,
  retells interval,
  primary key (account_id, stream)
);
comment on column landing.expectation.stale_after is
  'Without a complete sweep for this long the stream is late.';
comment on column landing.expectation.is_metering is 'Whether charges rest on it.';
comment on column landing.expectation.retells is
  'How far back a sweep tells what happened before it; null: for good.';
