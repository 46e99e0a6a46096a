-- Whose the costs are: dated rules, teams and cost centres as the files say, and what they make of
-- each resource's days.
create table reference.allocation_rule (
  allocation_rule_id bigint generated always as identity primary key,
  rule_name text not null,
  kind text not null check (kind in (
    'direct', 'shared', 'idle commitment', 'unallocated', 'negative adjustment'
  )),
  place integer not null,
  valid_from date not null,
  valid_to date not null,
  provider text,
  account_id text,
  region_id text,
  sku text,
  resource_pattern text,
  name_pattern text,
  tag_pattern text,
  sets jsonb not null,
  split jsonb,
  source_file text not null,
  loaded_at timestamptz not null,
  superseded_at timestamptz,
  check (valid_to > valid_from)
);
comment on table reference.allocation_rule is
  'Who is charged for what: the first rule that matches wins, dimension by dimension.';
comment on column reference.allocation_rule.resource_pattern is
  'Patterns are regular expressions whose one group is what a * stood for.';
comment on column reference.allocation_rule.sets is
  'Dimension to value; a value with * takes what the pattern''s * stood for.';
comment on column reference.allocation_rule.split is
  'How a shared cost is split: {"by": …, "among": […], "shares": {team: weight}}.';

create table reference.team (
  team_id bigint generated always as identity primary key,
  team text not null,
  cost_centre text,
  source_file text not null,
  loaded_at timestamptz not null,
  superseded_at timestamptz
);
create table reference.cost_centre (
  cost_centre_id bigint generated always as identity primary key,
  cost_centre text not null,
  parent text,
  name text not null,
  source_file text not null,
  loaded_at timestamptz not null,
  superseded_at timestamptz
);
comment on table reference.cost_centre is 'A tree; parent null is a root.';

create table mart.resource_span (
  account_id text not null,
  resource_id text not null,
  from_date date not null,
  to_date date not null,
  provider text not null,
  service_name text not null,
  resource_type text not null,
  resource_name text,
  sku text,
  region_id text,
  region_name text,
  gpu_model text,
  team text,
  project text,
  environment text,
  cost_centre text,
  dimensions jsonb not null,
  rules jsonb not null,
  shared_rule text,
  primary key (account_id, resource_id, from_date),
  check (to_date > from_date)
);
comment on table mart.resource_span is
  'One row per resource and stretch of UTC days in which it was described and allocated alike.';
comment on column mart.resource_span.rules is 'Dimension to the name of the rule that set it.';

create table mart.allocation_share (
  pool text not null,
  cost_month date not null,
  team text not null,
  before numeric not null,
  upto numeric not null,
  primary key (pool, cost_month, team)
);
comment on table mart.allocation_share is
  'How a pool of shared costs is split in a UTC month: what lies before a team''s part, and up to its end.';
