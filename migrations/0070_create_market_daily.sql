-- What the markets that providers publish asked and had, day by day. Stored, because stock is looked at
-- hourly and a panel must not read every answer of a year: each refresh adds the days since the last.
create table mart.market_price_daily (
  price_date date not null,
  account_id text not null,
  provider text not null,
  market text not null,
  offer text not null,
  region_id text not null,
  sku text,
  region_name text,
  gpu_model text,
  gpu_count integer not null,
  vcpu_count numeric,
  memory_gib numeric,
  price_per_hour reference.unit_price not null,
  list_price_per_hour reference.unit_price,
  billing_currency text not null,
  primary key (price_date, account_id, provider, market, offer, region_id)
);
comment on table mart.market_price_daily is
  'One row per UTC day, offer of a market and region (empty: any): its price as told last on that day.';

create table mart.market_stock_daily (
  stock_date date not null,
  account_id text not null,
  provider text not null,
  market text not null,
  offer text not null,
  region_id text not null,
  region_name text,
  stock numeric,
  stock_unit text,
  stock_level text,
  primary key (stock_date, account_id, provider, market, offer, region_id),
  check (num_nonnulls(stock, stock_level) = 1),
  check ((stock is null) = (stock_unit is null))
);
comment on table mart.market_stock_daily is
  'One row per UTC day, offer of a market and region (empty: any): its stock as told last on that day.';
comment on column mart.market_stock_daily.stock_level is
  'The provider''s own word, where it tells no number.';
