-- Money that buys nothing: what the detectors in transforms/waste found last.
create table mart.waste_detector (
  detector text primary key,
  claim text not null,
  action text not null,
  checked_at timestamptz not null
);
comment on table mart.waste_detector is
  'One row per detector of the last look, also of those that found nothing.';

create table mart.waste (
  detector text not null references mart.waste_detector on delete cascade,
  account_id text not null,
  provider text not null,
  resource_id text not null,
  resource_name text,
  since timestamptz not null,
  cost_per_month ledger.money not null check (cost_per_month > 0),
  evidence text not null,
  primary key (detector, account_id, resource_id)
);
comment on table mart.waste is
  'One row per detector and resource: rows of different detectors can be about the same money.';
comment on column mart.waste.cost_per_month is
  'In the reporting currency, for a month of 730 hours.';

-- What a resource costs in a month of 730 hours, by its last whole UTC days (up to 7) from `since`
-- to `until`; null when no whole day lies between. `of_meters` null: all of them.
create function mart.cost_per_month(
  of_account text, of_resource text, since timestamptz, until timestamptz,
  of_meters text[] default null
) returns numeric language sql stable as $$
  select round(sum(fact.reporting_cost) * 730 / (24 * (days.to_date - days.from_date)), 9)
  from (
    select
      (until at time zone 'UTC')::date as to_date,
      greatest(
        ((since at time zone 'UTC') + interval '1 day' - interval '1 microsecond')::date,
        (until at time zone 'UTC')::date - 7
      ) as from_date
  ) as days
  join mart.fct_cost_daily as fact
    on fact.account_id = of_account and fact.resource_id = of_resource
    and fact.cost_date >= days.from_date and fact.cost_date < days.to_date
    and (of_meters is null or fact.meter = any (of_meters))
  group by days.from_date, days.to_date
$$;

-- From when on a resource has been in this status without a break; null when it never was.
create function mart.in_status_since(of_account text, of_resource text, of_status text)
returns timestamptz language sql stable as $$
  select min(state.valid_from)
  from mart.dim_resource as state
  where state.account_id = of_account and state.resource_id = of_resource
    and state.valid_from >= coalesce(
      (
        select max(former.valid_to)
        from mart.dim_resource as former
        where former.account_id = of_account and former.resource_id = of_resource
          and former.status <> of_status
      ),
      '-infinity'
    )
$$;
