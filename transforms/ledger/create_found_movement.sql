-- The shape that every product's wallet_movement query fills.
create temporary table found_movement (
  account_id text not null,
  provider text not null,
  movement_key text not null,
  kind text not null,
  occurred_at timestamptz not null,
  amount ledger.money not null,
  currency text not null,
  description text,
  source_versions bigint[] not null
) on commit drop
