-- Measures every table of the product, toast included. The last measure of a UTC day stands for it.
insert into mart.relation_size (
  measured_on, schema_name, relation_name, measured_at, table_bytes, index_bytes, rows_estimated
)
select
  (:'now'::timestamptz at time zone 'UTC')::date,
  namespace.nspname,
  relation.relname,
  :'now'::timestamptz,
  pg_table_size(relation.oid),
  pg_indexes_size(relation.oid),
  relation.reltuples::bigint
from pg_class as relation
join pg_namespace as namespace on namespace.oid = relation.relnamespace
where relation.relkind = 'r'
  and namespace.nspname in ('landing', 'ledger', 'mart', 'reference', 'history', 'notify')
on conflict (measured_on, schema_name, relation_name) do update set
  measured_at = excluded.measured_at,
  table_bytes = excluded.table_bytes,
  index_bytes = excluded.index_bytes,
  rows_estimated = excluded.rows_estimated
