-- For databases whose migrations up to 0076 ran before they had their last wording: what those files
-- gained later. Each part looks at what is there; a database made since has nothing to do.

do $$
begin
  if exists (
    select from pg_attribute
    where attrelid = 'ledger.closed_cost'::regclass and attname = 'allocation_rule'
  ) then
    return;
  end if;
  create temporary table kept on commit drop as select * from ledger.closed_cost;
  drop table ledger.closed_cost;
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
  create trigger closed_cost_append_only before update or delete on ledger.closed_cost
    for each row execute function ledger.refuse_change();
  -- Until then an owner was the first tag's, and nothing was shared.
  insert into ledger.closed_cost (
    statement_month, account_id, resource_id, meter, cost_date, billing_currency, provider,
    service_name, resource_type, resource_name, sku, region_id, region_name, team, project,
    environment, dimensions, allocation_rule, is_share, gpu_model, quantity, usage_hours, gpu_hours,
    list_cost, contracted_cost, billed_cost, effective_cost, reporting_cost, accrued_cost,
    estimated_cost, uncertainty
  )
  select
    statement_month, account_id, resource_id, meter, cost_date, billing_currency, provider,
    service_name, resource_type, resource_name, sku, region_id, region_name, team, project,
    environment, '{}', case when team = 'unallocated' then 'none' else 'tag' end, false, gpu_model,
    quantity, usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost, effective_cost,
    reporting_cost, accrued_cost, estimated_cost, uncertainty
  from kept;
  drop table kept;
  set constraints all immediate; -- a table with checks to come cannot be altered by later migrations
end $$;

create or replace function ledger.days_of_charge(
  day_rule text, charge_date date, period_start timestamptz, period_end timestamptz
) returns table (cost_date date, before numeric, upto numeric)
language sql stable parallel safe as $$
  select charge_date, 0::numeric, 1::numeric
  where day_rule = 'start'
  union all
  select
    midnight::date,
    extract(epoch from greatest(midnight at time zone 'UTC', period_start) - period_start)
      / extract(epoch from period_end - period_start),
    extract(
      epoch from least((midnight + interval '1 day') at time zone 'UTC', period_end) - period_start
    ) / extract(epoch from period_end - period_start)
  -- Without a zone: a day added to a timestamptz is the session's, which may have 23 hours.
  from generate_series(
    date_trunc('day', period_start at time zone 'UTC'),
    period_end at time zone 'UTC' - interval '1 microsecond', interval '1 day'
  ) as midnight
  where day_rule = 'seconds'
$$;

-- The roll-up is derived from facts and statements: the next transform fills it again.
do $$
begin
  if exists (
    select from pg_attribute
    where attrelid = 'mart.cost_slice'::regclass and attname = 'chosen_service_name'
  ) and to_regclass('mart.cost_slice_daily_by_slice') is not null then
    return;
  end if;
  drop table if exists mart.cost_pool_daily;
  drop table mart.cost_slice_daily, mart.cost_slice;
  create table mart.cost_slice (
    slice_id integer generated always as identity primary key,
    slice_key text not null unique,
    provider text not null,
    account_id text not null,
    service_name text,
    resource_type text,
    sku text,
    region_id text,
    region_name text,
    gpu_model text,
    meter text not null,
    billing_currency text not null,
    team text,
    project text,
    environment text,
    cost_centre text,
    dimensions jsonb not null,
    allocation_rule text,
    pool text,
    is_share boolean not null,
    -- The words that readers choose by. Stored, since the planner knows nothing of an expression's values:
    -- it would take a list of all of them for a rare find.
    chosen_service_name text not null
      generated always as (coalesce(service_name, '(none)')) stored,
    chosen_resource_type text not null
      generated always as (coalesce(resource_type, '(none)')) stored,
    chosen_sku text not null generated always as (coalesce(sku, '(none)')) stored,
    chosen_region text not null
      generated always as (coalesce(region_name, region_id, '(none)')) stored,
    chosen_gpu_model text not null generated always as (coalesce(gpu_model, '(none)')) stored,
    chosen_team text not null generated always as (coalesce(team, '(no team)')) stored,
    chosen_project text not null generated always as (
      case when is_share then '(shared)' else coalesce(project, '(none)') end
    ) stored,
    chosen_environment text not null generated always as (
      case when is_share then '(shared)' else coalesce(environment, '(none)') end
    ) stored,
    chosen_cost_centre text not null generated always as (coalesce(cost_centre, '(none)')) stored
  );
  comment on table mart.cost_slice is
    'One row per combination of what describes and allocates costs. Kept when nothing falls in it any more.';
  comment on column mart.cost_slice.pool is
    'The pool of shared costs that the slice is in, when there are rules that share.';
  comment on column mart.cost_slice.is_share is 'A team''s part of a pool of shared costs.';

  create table mart.cost_slice_daily (
    cost_date date not null,
    slice_id integer not null,
    statement_month date not null,
    usage_hours numeric(20, 9) not null,
    gpu_hours numeric(20, 9) not null,
    list_cost ledger.money not null,
    billed_cost ledger.money not null,
    effective_cost ledger.money not null,
    reporting_cost ledger.money not null,
    accrued_cost ledger.money not null,
    uncertainty ledger.money not null,
    exchange_rate numeric(20, 10),
    primary key (cost_date, slice_id, statement_month)
  );
  comment on table mart.cost_slice_daily is
    'One row per slice, UTC day and month of the statement: the sum of its daily facts, pools split.';
  comment on column mart.cost_slice_daily.exchange_rate is
    'Of that day, for amounts that the facts do not keep in the reporting currency.';
  create index cost_slice_daily_by_slice on mart.cost_slice_daily (slice_id, cost_date);
  create index cost_slice_daily_by_statement on mart.cost_slice_daily (statement_month);

  create table mart.cost_pool_daily (like mart.cost_slice_daily including all);
  comment on table mart.cost_pool_daily is
    'The same for slices in a pool of shared costs, before they are split; open months only.';
end $$;

create or replace function mart.month_named(name text) returns date
language sql stable parallel safe
as $$
  select case when name ~ '^\d{4}-(0[1-9]|1[0-2])$' then to_date(name, 'YYYY-MM') end
$$;
comment on function mart.month_named(text) is
  'The first day of a month such as 2026-10; null for any other text, whatever it holds.';

do $$
begin
  if to_regclass('ledger.charge_late') is not null then
    return;
  end if;
  drop index ledger.charge_corrections;
  create index charge_corrections on ledger.charge (recorded_at)
    where reverses_charge_id is not null or revision > 1;
  comment on index ledger.charge_corrections is 'Reversals and re-entries.';
  create index charge_late on ledger.charge (recorded_at, charge_date)
    where charge_date < date_trunc('month', recorded_at at time zone 'UTC');
  comment on index ledger.charge_late is
    'What came when its month was over: nothing else can be of a closed month.';
end $$;
