-- Reference: what people know and no API tells: prices, contracts, exchange rates. Dated rows,
-- loaded from files; a changed file supersedes rows, it never rewrites them.
create schema reference;

create domain reference.unit_price as numeric(30, 15);

create table reference.rate (
  rate_id bigint generated always as identity primary key,
  provider text not null,
  account_id text,
  sku text not null,
  region text not null,
  contract_id text not null,
  unit text not null,
  unit_price reference.unit_price not null check (unit_price >= 0),
  list_unit_price reference.unit_price check (list_unit_price >= 0),
  currency text not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  source_file text not null,
  source_line integer not null,
  loaded_at timestamptz not null,
  superseded_at timestamptz,
  check (valid_to > valid_from)
);
comment on table reference.rate is 'Rate cards: a price of one SKU for a period, half open.';
comment on column reference.rate.account_id is 'Null: holds for every account of the provider.';
comment on column reference.rate.contract_id is 'Empty for on-demand prices.';
create index rate_in_force on reference.rate (provider, sku, region, contract_id, valid_from)
  where superseded_at is null;

create table reference.contract (
  contract_row_id bigint generated always as identity primary key,
  provider text not null,
  account_id text,
  contract_id text not null,
  sku text not null,
  region text not null,
  capacity integer not null check (capacity > 0),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  source_file text not null,
  source_line integer not null,
  loaded_at timestamptz not null,
  superseded_at timestamptz,
  check (ends_at > starts_at)
);
comment on table reference.contract is 'Committed capacity: servers of one SKU in one region.';

create table reference.exchange_rate (
  exchange_rate_id bigint generated always as identity primary key,
  base_currency text not null,
  quote_currency text not null,
  valid_from date not null,
  rate numeric(20, 10) not null check (rate > 0),
  source text not null,
  source_file text not null,
  source_line integer not null,
  loaded_at timestamptz not null,
  superseded_at timestamptz
);
comment on table reference.exchange_rate is
  'One base = rate quote, from a UTC day until the next row of the pair.';
create index exchange_rate_in_force
  on reference.exchange_rate (base_currency, quote_currency, valid_from)
  where superseded_at is null;
