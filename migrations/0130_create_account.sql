-- Accounts of the configuration and whose they are. Takes no lock on anything that exists.
create table landing.account (
  account_id text primary key,
  account_number bigint generated always as identity,
  provider text,
  is_configured boolean not null default true,
  admitted_at timestamptz,
  refused_because text,
  retired_at timestamptz,
  renamed_to text,
  ends_at timestamptz,
  check (admitted_at is null or refused_because is null)
);
comment on table landing.account is 'One row per account that was ever configured.';
comment on column landing.account.is_configured is
  'Whether the configuration of the last collect, transform or check names it.';
comment on column landing.account.admitted_at is
  'When it was found to be no other account''s double; null until its first records are compared.';
comment on column landing.account.refused_because is
  'Why its records wait and are not charged: the same customer or resources as another account.';
comment on column landing.account.ends_at is
  'The instant after which the last transform charges nothing by time: retired, or its last sync when it left the configuration.';

create table landing.account_identity (
  account_id text not null,
  kind text not null,
  identity text not null,
  salt text,
  seen_from timestamptz not null,
  seen_to timestamptz,
  primary key (account_id, kind, identity, seen_from)
);
comment on table landing.account_identity is
  'Whose an account is: the provider''s own identity of the customer, and a fingerprint of the key. One row per value and period.';
comment on column landing.account_identity.identity is
  'For kind `key` a salted hash, never the key.';
comment on column landing.account_identity.seen_to is 'Null while it is the current one.';

create table landing.account_succession (
  account_id text not null,
  predecessor_id text not null,
  keeps_before date not null,
  primary key (account_id, predecessor_id)
);
comment on table landing.account_succession is
  'Accounts that go on where another one ended: what the predecessor has charged is not charged again.';
comment on column landing.account_succession.keeps_before is
  'The predecessor keeps its charges of earlier UTC days: those of closed months after a rename, all when it was retired.';

-- Accounts that collected before this table was there are charged already.
insert into landing.account (account_id, admitted_at)
select account_id, '-infinity'
from (
  select account_id from landing.expectation
  union
  select account_id from landing.watermark
) as known
order by account_id collate "C";
