-- Closed months, and what was known when: statements that never change again, and what stood in the
-- marts before it was replaced.
alter table ledger.run add column books_open_from date not null default '-infinity';
comment on column ledger.run.books_open_from is
  'The first month open at this run: what it enters for an earlier day is stated in this month.';

create table ledger.closed_month (
  month date primary key check (month = date_trunc('month', month::timestamp)),
  closed_at timestamptz not null,
  last_run_id bigint references ledger.run,
  reporting_currency text not null,
  is_forced boolean not null,
  obstacles jsonb not null
);
comment on table ledger.closed_month is 'One row per closed UTC month; months close in order.';
comment on column ledger.closed_month.last_run_id is 'The last run whose entries it may hold.';
comment on column ledger.closed_month.obstacles is
  'What stood in the way of closing when it was forced: empty otherwise.';

create table ledger.closed_cost (
  statement_month date not null references ledger.closed_month (month)
    deferrable initially deferred,
  account_id text not null,
  resource_id text not null,
  meter text not null,
  cost_date date not null,
  billing_currency text not null,
  provider text not null,
  service_name text,
  resource_type text,
  resource_name text,
  sku text,
  region_id text,
  region_name text,
  team text not null,
  project text,
  environment text,
  cost_centre text,
  dimensions jsonb not null,
  allocation_rule text not null,
  is_share boolean not null,
  gpu_model text,
  quantity numeric(24, 9) not null,
  usage_hours numeric(20, 9) not null,
  gpu_hours numeric(20, 9) not null,
  list_cost ledger.money not null,
  contracted_cost ledger.money not null,
  billed_cost ledger.money not null,
  effective_cost ledger.money not null,
  reporting_cost ledger.money not null,
  accrued_cost ledger.money not null,
  estimated_cost ledger.money not null,
  uncertainty ledger.money not null,
  unique nulls not distinct (
    statement_month, account_id, resource_id, cost_date, meter, billing_currency, team, project,
    environment, cost_centre, dimensions, allocation_rule
  )
);
comment on column ledger.closed_cost.allocation_rule is
  'What made it the team''s: `tag`, a rule''s id, or `none`.';
comment on column ledger.closed_cost.is_share is 'A part of a cost that several share.';
comment on table ledger.closed_cost is
  'The daily costs of closed months with their owners, as they were stated at the close.';

-- The one way past: a rebuild that was told to drop what no closed month rests on.
create or replace function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('meterhouse.discards_history', true) = 'yes' then
    return old;
  end if;
  raise exception 'the ledger is append-only: correct a charge by a reversal and a re-entry';
end $$;

create trigger closed_month_append_only before update or delete on ledger.closed_month
  for each row execute function ledger.refuse_change();
create trigger closed_cost_append_only before update or delete on ledger.closed_cost
  for each row execute function ledger.refuse_change();

-- The days that a charge is shared over, with the shares of it that lie before each day's begin and
-- before its end: differences of rounded products with them add up to the whole.
create function ledger.days_of_charge(
  day_rule text, charge_date date, period_start timestamptz, period_end timestamptz
) returns table (cost_date date, before numeric, upto numeric)
language sql stable parallel safe as $$
  select charge_date, 0::numeric, 1::numeric
  where day_rule = 'start'
  union all
  select
    (midnight at time zone 'UTC')::date,
    extract(epoch from greatest(midnight, period_start) - period_start)
      / extract(epoch from period_end - period_start),
    extract(epoch from least(midnight + interval '1 day', period_end) - period_start)
      / extract(epoch from period_end - period_start)
  from generate_series(
    date_trunc('day', period_start, 'UTC'), period_end - interval '1 microsecond', interval '1 day'
  ) as midnight
  where day_rule = 'seconds'
$$;

alter table mart.fct_cost_daily add column statement_month date;
update mart.fct_cost_daily set statement_month = date_trunc('month', cost_date);
alter table mart.fct_cost_daily alter column statement_month set not null;
alter table mart.fct_cost_daily drop constraint fct_cost_daily_pkey;
alter table mart.fct_cost_daily add primary key (
  account_id, resource_id, cost_date, meter, billing_currency, statement_month
);
comment on table mart.fct_cost_daily is
  'One row per account, resource, UTC day, meter, billing currency and month of its statement.';
comment on column mart.fct_cost_daily.statement_month is
  'The day''s own month, or the first open one when that was closed before this was learnt.';
create index fct_cost_daily_corrections on mart.fct_cost_daily (statement_month)
  where statement_month > cost_date;

alter table mart.accrual add column recorded_at timestamptz not null default '-infinity';
alter table mart.dim_resource add column recorded_at timestamptz not null default '-infinity';

create schema history;
create table history.accrual (like mart.accrual, superseded_at timestamptz not null);
comment on table history.accrual is
  'Accruals that were shown from recorded_at until superseded_at: for reports as of an instant.';
create index history_accrual_by_time on history.accrual (superseded_at, recorded_at);
create table history.resource (like mart.dim_resource, superseded_at timestamptz not null);
comment on table history.resource is
  'Rows of dim_resource that held from recorded_at until superseded_at.';
create index history_resource_by_key on history.resource (account_id, resource_id);

-- Whose a resource is by its own tags (`team:nlp`): the first in alphabetical order where it names
-- two.
create function mart.owner_of_tags(tags text[])
returns table (team text, project text, environment text)
language sql immutable parallel safe as $$
  select
    min(substr(tag, length('team:') + 1)) filter (where tag like 'team:_%'),
    min(substr(tag, length('project:') + 1)) filter (where tag like 'project:_%'),
    min(substr(tag, length('env:') + 1)) filter (where tag like 'env:_%')
  from unnest(tags) as tag
$$;
