-- One row: what the statement rests on. A closed month rests for ever on what was known at its close.
-- Runs at one clock are one state of knowledge, named by the first: a rebuild repeats the last clock.
with closed as (
  select * from mart.rpt_close where month = :'from' and closed_at <= :'as_of'
),
known as (
  select least(:'as_of'::timestamptz, (select closed_at from closed)) as known_at
),
last_run as (
  select run.run_id, run.clock_at
  from mart.rpt_run as run
  cross join known
  where run.run_id = (select last_run_id from closed)
    or (not exists (select from closed) and run.clock_at <= known.known_at)
  order by run.clock_at desc, run.run_id
  limit 1
),
reference_text as (
  select kind, content::text as content
  from mart.rpt_reference_row
  cross join known
  where loaded_at <= known.known_at and (superseded_at is null or superseded_at > known.known_at)
),
fingerprint as (
  select kind, encode(sha256(convert_to(
    string_agg(content, E'\n' order by content collate "C"), 'UTF8'
  )), 'hex') as sha256
  from reference_text
  group by kind
)
select
  case when exists (select from closed) then 'closed' else 'open' end as state,
  (select to_char(closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from closed)
    as closed_at,
  (select known_at from known)::text as known_at,
  (select run_id from last_run) as last_run_id,
  (select to_char(clock_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from last_run)
    as last_run_clock,
  (select sha256 from fingerprint where kind = 'rates') as rates_sha256,
  (select sha256 from fingerprint where kind = 'contracts') as contracts_sha256,
  (select sha256 from fingerprint where kind = 'exchange_rates') as exchange_rates_sha256,
  (select sha256 from fingerprint where kind = 'allocation') as allocation_sha256
