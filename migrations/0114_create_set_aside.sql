-- What the transform could not compute and has set aside, so that everything else goes on.
create table ledger.set_aside (
  set_aside_id bigint generated always as identity primary key,
  product text not null,
  step text not null check (step in ('change', 'resource', 'scope', 'charge', 'movement')),
  account_id text not null,
  resource_id text,
  from_date date,
  entity text,
  slice text,
  record_key text,
  version_id bigint,
  change_kind text,
  previous_seen_to timestamptz,
  sqlstate text not null,
  reason text not null,
  source_versions bigint[] not null default '{}',
  first_at timestamptz not null,
  last_at timestamptz not null,
  attempts integer not null default 1,
  constraint set_aside_once unique nulls not distinct (
    product, step, account_id, resource_id, entity, slice, record_key, version_id, change_kind
  )
);
comment on table ledger.set_aside is
  'One row per resource, or landed change, for which a product''s SQL fails: kept as it was until that works.';
comment on column ledger.set_aside.from_date is
  'From this UTC day on its charges are not up to date.';
comment on column ledger.set_aside.source_versions is
  'The payloads of the resource that were current when it was first set aside.';
comment on column ledger.set_aside.reason is 'The database''s own words.';
