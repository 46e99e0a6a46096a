-- The role that dashboards read with: the marts and nothing else, read only and for a limited time.
-- It belongs to the server, not to the database, so another database may have made it already. It
-- cannot log in until it is given a password.
do $$
begin
  if not exists (select from pg_roles where rolname = 'meterhouse_reader') then
    create role meterhouse_reader nologin;
    alter role meterhouse_reader set statement_timeout = '15s';
    alter role meterhouse_reader set default_transaction_read_only = on;
    alter role meterhouse_reader set idle_in_transaction_session_timeout = '60s';
  end if;
exception
  -- Another database's migration was quicker.
  when duplicate_object or unique_violation then null;
end $$;

grant usage on schema mart to meterhouse_reader;
grant select on all tables in schema mart to meterhouse_reader;
-- Views are dropped and made again whenever their files change.
alter default privileges in schema mart grant select on tables to meterhouse_reader;
