-- When the key of an account ends, as the configuration says: no provider tells it. Takes no lock on
-- anything that exists.
create table landing.credential_end (
  account_id text primary key,
  ends_on date not null
);
comment on column landing.credential_end.ends_on is 'UTC day on which the key stops to work.';
