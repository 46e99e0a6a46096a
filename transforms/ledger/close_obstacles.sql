-- What stands in the way of closing a month: one row per kind of obstacle and account, with how many
-- there are, an example, and what to do.
with suspense as (
  select
    'suspense' as kind, account_id,
    count(*) as occurrences,
    min(resource_id collate "C") as example,
    'usage without a price or money of an unknown kind: add the SKU to a rate card, or look at it with `meterhouse explain`' as remedy
  from intermediate.known_charge
  where price_source in ('missing', 'unclassified')
    and charge_date >= :'from'::date and charge_date < :'to'::date
  group by account_id
),
without_rate as (
  select
    'no exchange rate', account_id, count(*), min(billing_currency collate "C"),
    'add a dated rate of that currency to the exchange-rate file'
  from intermediate.known_charge
  where reporting_cost is null
    and charge_date >= :'from'::date and charge_date < :'to'::date
  group by account_id
),
quarantined as (
  select
    'quarantine', account_id, count(*), min((entity || ': ' || reason) collate "C"),
    'these records are set aside and not counted: see `meterhouse check`, mend the schema or ask the provider'
  from landing.quarantine
  where released_at is null and first_seen_at < (:'to'::date + 7)::timestamp at time zone 'UTC'
  group by account_id
),
uncovered as (
  select
    'missing coverage', account_id, count(*), min(stream collate "C"),
    'run `meterhouse collect` for the account; what the provider no longer has stays missing'
  from mart.rpt_coverage_gap
  where starts_at < :'to'::timestamp at time zone 'UTC'
    and ends_at > :'from'::timestamp at time zone 'UTC'
    and is_missing and not is_before_first
  group by account_id
),
unobserved as (
  select
    'not observed before the first sync', account_id, count(*),
    min(format('%s: may hide %s', stream, trim_scale(may_hide_cost)) collate "C"),
    case
      when bool_or(can_be_collected)
        then 'run `meterhouse collect --since` with this month, then transform; use --force (recorded) for what the provider no longer reports'
      else 'the provider does not report the past of this stream: compare with its own bill, and use --force (recorded)'
    end
  from mart.rpt_coverage_unobserved
  where starts_at < :'to'::timestamp at time zone 'UTC'
    and ends_at > :'from'::timestamp at time zone 'UTC'
  group by account_id
),
-- What happened in the month's last hours is reported after its end.
not_reported as (
  select
    'not reported after its end', expectation.account_id, count(*),
    min(format(
      '%s: last sync %s', expectation.stream,
      coalesce(to_char(sync.synced_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'never')
    ) collate "C"),
    'run `meterhouse collect` and `meterhouse transform`, then close; use --force (recorded) for an account that reports no more'
  from landing.expectation
  left join lateral (
    -- The slices of one run of a stream carry the same instant.
    select sweep.started_at as synced_at
    from landing.sweep
    where sweep.account_id = expectation.account_id and sweep.stream = expectation.stream
    group by sweep.started_at
    having bool_and(sweep.outcome = 'complete')
    order by sweep.started_at desc
    limit 1
  ) as sync on true
  where expectation.is_metering
    -- Of an account that was retired by then nothing is expected.
    and expectation.expected_until > :'to'::timestamp at time zone 'UTC'
    and (sync.synced_at is null or sync.synced_at < :'to'::timestamp at time zone 'UTC')
  group by expectation.account_id
),
not_looked_at as (
  select
    'changes not taken into account', account_id, count(*), min(entity collate "C"),
    'run `meterhouse transform` first'
  from landing.change
  group by account_id
),
-- Prices, rates or shares of the month may be those of before a change that is not in force.
refused as (
  select
    'reference files refused', 'all accounts', count(*),
    min((kind || ': ' || reason) collate "C"),
    'correct the files that `meterhouse doctor` names, then transform'
  from mart.rpt_reference_file
  where state = 'refused'
  having count(*) > 0
),
set_aside as (
  select
    'resources set aside', account_id, count(*), min((subject || ': ' || reason) collate "C"),
    'their charges are not computed: see `meterhouse check`, fix the SQL or the value'
  from mart.rpt_set_aside
  where step not in ('report', 'budget') and coalesce(from_date, '-infinity') < :'to'::date
  group by account_id
)
select *
from (
  select * from suspense
  union all select * from without_rate
  union all select * from quarantined
  union all select * from uncovered
  union all select * from unobserved
  union all select * from not_reported
  union all select * from not_looked_at
  union all select * from refused
  union all select * from set_aside
) as obstacle
order by kind collate "C", account_id collate "C"
