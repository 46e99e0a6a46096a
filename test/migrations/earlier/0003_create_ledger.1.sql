-- The ledger: money, append-only. A correction is a dated reversal and a re-entry.
create schema ledger;

create domain ledger.money as numeric(20, 9);
comment on domain ledger.money is 'An amount in the currency of the column beside it.';

create table ledger.run (
  run_id bigint generated always as identity primary key,
  clock_at timestamptz not null,
  duration_ms integer not null,
  changes_taken integer not null,
  scopes integer not null,
  charges_entered integer not null,
  charges_reversed integer not null,
  accruals_written integer not null
);
comment on table ledger.run is 'One row per transform that wrote something.';

create table ledger.charge (
  charge_id bigint generated always as identity primary key,
  run_id bigint not null references ledger.run,
  recorded_at timestamptz not null,
  account_id text not null,
  provider text not null,
  charge_key text not null,
  revision integer not null check (revision > 0),
  entry text not null check (entry in ('charge', 'reversal')),
  reverses_charge_id bigint references ledger.charge,
  reason text not null,
  resource_id text not null,
  meter text not null,
  sku text,
  region_id text,
  charge_date date not null,
  charge_period_start timestamptz not null,
  charge_period_end timestamptz not null,
  day_rule text not null check (day_rule in ('start', 'seconds')),
  charge_category text not null
    check (charge_category in ('Usage', 'Purchase', 'Credit', 'Adjustment', 'Tax')),
  pricing_category text not null
    check (pricing_category in ('Standard', 'Dynamic', 'Committed', 'Other')),
  commitment_id text,
  commitment_status text check (commitment_status in ('Used', 'Unused')),
  quantity numeric(24, 9) not null,
  unit text not null,
  usage_hours numeric(20, 9),
  gpu_hours numeric(20, 9),
  unit_price reference.unit_price,
  price_source text not null,
  list_cost ledger.money not null,
  contracted_cost ledger.money not null,
  billed_cost ledger.money not null,
  effective_cost ledger.money not null,
  billing_currency text not null,
  reporting_cost ledger.money,
  reporting_currency text not null,
  exchange_rate numeric(20, 10),
  basis text not null check (basis in ('billed', 'metered', 'derived')),
  uncertainty ledger.money not null,
  source_versions bigint[] not null,
  unique (account_id, charge_key, revision, entry),
  check ((entry = 'reversal') = (reverses_charge_id is not null)),
  check (charge_period_end > charge_period_start),
  check ((reporting_cost is null) = (exchange_rate is null))
);
comment on table ledger.charge is
  'One row per entry; the current state of a charge is its last entry when that is no reversal.';
comment on column ledger.charge.recorded_at is 'When Meterhouse learnt it, by the run''s clock.';
comment on column ledger.charge.charge_date is 'UTC day of charge_period_start.';
comment on column ledger.charge.day_rule is
  'How days share the charge: all on the start day, or by seconds.';
comment on column ledger.charge.uncertainty is
  'The largest amount, in billing currency, by which billed_cost can be wrong; 0 when exact.';
create index charge_by_resource on ledger.charge (account_id, resource_id, charge_date);
create unique index charge_reversed_once on ledger.charge (reverses_charge_id)
  where reverses_charge_id is not null;

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: correct a charge by a reversal and a re-entry';
end $$;
create trigger charge_append_only before update or delete on ledger.charge
  for each row execute function ledger.refuse_change();
create trigger charge_no_truncate before truncate on ledger.charge
  for each statement execute function ledger.refuse_change();

create table ledger.wallet_movement (
  wallet_movement_id bigint generated always as identity primary key,
  run_id bigint not null references ledger.run,
  recorded_at timestamptz not null,
  account_id text not null,
  provider text not null,
  movement_key text not null,
  kind text not null check (kind in ('deposit', 'credit', 'adjustment')),
  occurred_at timestamptz not null,
  amount ledger.money not null,
  currency text not null,
  description text,
  source_versions bigint[] not null,
  unique (account_id, movement_key)
);
comment on table ledger.wallet_movement is 'Money into and out of prepaid wallets; never cost.';
create trigger wallet_movement_append_only before update or delete on ledger.wallet_movement
  for each row execute function ledger.refuse_change();
