-- One row per account, UTC month, kind and stream or currency: by how much the account's cost of the month
-- may be wrong, in the reporting currency, and why. `amount` is null where nothing known bounds it. Kinds:
-- what charges declare; what ran before the first sync; what a gap between syncs hides; what a metering
-- stream hides that the provider refuses or that was never read (hours so far, at the account's most
-- expensive day of the last 31); what waits in quarantine (each record as long as it waits, at the account's
-- most expensive resource), and what left it without ever being read (a day or more); an exchange rate
-- older than 31 days (at the widest move of the pair known).
with clock as (
  select
    clock_at,
    (clock_at at time zone 'UTC')::date as today
  from mart.transform_state
),
account_day as (
  select dimension.account_id, daily.cost_date, sum(daily.reporting_cost) as cost
  from clock
  join mart.cost_dimension_daily as daily
    on daily.cost_date > clock.today - 31 and daily.cost_date <= clock.today
  join mart.cost_dimension as dimension using (dimension_id)
  group by dimension.account_id, daily.cost_date
),
pace as (
  select account_id, nullif(greatest(max(cost), 0), 0) as cost_per_day
  from account_day
  group by account_id
),
declared as (
  select
    dimension.account_id,
    date_trunc('month', daily.cost_date::timestamp)::date as month,
    'declared by charges' as kind,
    dimension.billing_currency as about,
    -- Without a rate it counts at par.
    round(sum(daily.uncertainty * coalesce(daily.exchange_rate, 1)), 2) as amount,
    'charges that were estimated, or whose amount one answer alone does not prove' as detail
  from mart.cost_dimension_daily as daily
  join mart.cost_dimension as dimension using (dimension_id)
  where daily.uncertainty <> 0
  group by dimension.account_id, date_trunc('month', daily.cost_date::timestamp),
    dimension.billing_currency
),
refused as (
  select
    expectation.account_id,
    expectation.stream,
    min(coalesce(watermark.complete_at, expectation.expected_from)) as starts_at,
    bool_or(newest.outcome = 'denied') as is_refused
  from landing.expectation
  left join lateral (
    select distinct on (sweep.slice) sweep.slice, sweep.outcome
    from landing.sweep
    where sweep.account_id = expectation.account_id and sweep.stream = expectation.stream
    order by sweep.slice, sweep.started_at desc, sweep.sweep_id desc
  ) as newest on true
  left join landing.watermark
    on watermark.account_id = expectation.account_id
    and watermark.stream = expectation.stream and watermark.slice = newest.slice
  where expectation.is_metering
    and (newest.outcome = 'denied' or newest.outcome is null)
    -- A bill that is not shown, and for which the catalogue stands in, is declared by its charges.
    and (newest.slice is null or not exists (
      select from intermediate.known_charge as charge
      where charge.account_id = expectation.account_id
        and charge.resource_id like newest.slice || '%'
        and charge.price_source like 'catalogue:%'
    ))
  group by expectation.account_id, expectation.stream
),
hidden as (
  select account_id, stream, starts_at, ends_at, 'not observed before the first sync' as kind,
    may_hide_cost
  from mart.rpt_coverage_unobserved
  union all
  select account_id, stream, starts_at, ends_at, 'not synced', may_hide_cost
  from mart.rpt_coverage_gap
  where is_missing and not is_before_first
  union all
  select refused.account_id, refused.stream, refused.starts_at, clock.clock_at,
    case when is_refused then 'refused by the provider' else 'never synced' end,
    null
  from refused
  cross join clock
  -- An open gap of the same stream counts the same hours.
  where refused.starts_at < clock.clock_at and not exists (
    select from mart.rpt_coverage_gap as gap
    where gap.account_id = refused.account_id and gap.stream = refused.stream
      and gap.is_missing and not gap.is_over
  )
),
hidden_month as (
  select
    hidden.*,
    utc_month::date as month,
    greatest(hidden.starts_at, utc_month at time zone 'UTC') as from_at,
    least(hidden.ends_at, (utc_month + interval '1 month') at time zone 'UTC') as to_at
  from hidden
  cross join lateral generate_series(
    date_trunc('month', hidden.starts_at at time zone 'UTC'),
    (hidden.ends_at - interval '1 microsecond') at time zone 'UTC',
    interval '1 month'
  ) as utc_month
),
unread as (
  select
    hidden_month.account_id,
    hidden_month.month,
    hidden_month.kind,
    hidden_month.stream as about,
    round(sum(coalesce(
      hidden_month.may_hide_cost * extract(epoch from to_at - from_at)
        / extract(epoch from ends_at - starts_at),
      pace.cost_per_day * extract(epoch from to_at - from_at) / 86400
    )), 2) as amount,
    format(
      '%s hours from %s',
      round(sum(extract(epoch from to_at - from_at)) / 3600, 1),
      to_char(min(from_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')
    ) as detail
  from hidden_month
  left join pace using (account_id)
  group by hidden_month.account_id, hidden_month.month, hidden_month.kind, hidden_month.stream
),
resource_day as (
  select
    fact.account_id,
    nullif(greatest(max(fact.cost), 0), 0) as cost_per_day
  from (
    select daily.account_id, daily.resource_id, daily.cost_date, sum(daily.reporting_cost) as cost
    from mart.fct_cost_daily as daily
    cross join clock
    where daily.cost_date > clock.today - 31
      and daily.account_id in (select held.account_id from landing.quarantine as held)
    group by daily.account_id, daily.resource_id, daily.cost_date
  ) as fact
  group by fact.account_id
),
-- A record that was listed no more before it could be read names something that may have cost money.
hidden_record as (
  select
    held.account_id, held.stream, held.first_seen_at,
    case when held.released_at is null then 'waits in quarantine' else 'gone from quarantine' end
      as kind,
    case
      when held.released_at is null then clock.clock_at
      else greatest(held.released_at, held.first_seen_at + interval '1 day')
    end as hidden_until
  from landing.quarantine as held
  cross join clock
  -- Offers, stock and names are no money.
  where exists (
    select from landing.expectation
    where expectation.account_id = held.account_id and expectation.is_metering
      and split_part(expectation.stream, '.', 1) = split_part(held.stream, '.', 1)
  ) and (
    held.released_at is null
    or held.record_key is not null and not exists (
      select from landing.version
      where version.account_id = held.account_id and version.entity = held.entity
        and version.record_key = held.record_key
    )
  )
),
set_aside as (
  select
    held.account_id,
    utc_month::date as month,
    held.kind,
    held.stream as about,
    round(sum(
      resource_day.cost_per_day * extract(epoch from
        least(held.hidden_until, (utc_month + interval '1 month') at time zone 'UTC')
          - greatest(held.first_seen_at, utc_month at time zone 'UTC')
      ) / 86400
    ), 2) as amount,
    format(
      '%s record(s), the oldest since %s', count(*),
      to_char(min(held.first_seen_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')
    ) as detail
  from hidden_record as held
  cross join lateral generate_series(
    date_trunc('month', held.first_seen_at at time zone 'UTC'),
    held.hidden_until at time zone 'UTC',
    interval '1 month'
  ) as utc_month
  left join resource_day using (account_id)
  group by held.account_id, utc_month, held.kind, held.stream
),
pair as (
  select
    rate.base_currency,
    rate.quote_currency,
    case when count(distinct rate.rate) > 1 then max(rate.rate) / min(rate.rate) - 1 end
      as widest_move
  from reference.exchange_rate as rate
  join mart.rpt_reporting_currency as reporting
    on reporting.reporting_currency = rate.quote_currency
  where rate.superseded_at is null
  group by rate.base_currency, rate.quote_currency
),
aged as (
  select
    dimension.account_id,
    date_trunc('month', daily.cost_date::timestamp)::date as month,
    format('%s/%s', pair.base_currency, pair.quote_currency) as about,
    daily.reporting_cost,
    daily.cost_date - rate.valid_from as age_days,
    pair.widest_move
  from mart.cost_dimension_daily as daily
  join mart.cost_dimension as dimension using (dimension_id)
  join pair on pair.base_currency = dimension.billing_currency
  cross join lateral (
    select held.valid_from, held.rate, held.source
    from reference.exchange_rate as held
    where held.superseded_at is null
      and held.base_currency = pair.base_currency and held.quote_currency = pair.quote_currency
      and held.valid_from <= daily.cost_date
    order by held.valid_from desc
    limit 1
  ) as rate
  -- Par is a policy, which does not age.
  where daily.reporting_cost <> 0
    and not (rate.rate = 1 and rate.source ~* 'policy')
    and daily.cost_date - rate.valid_from > 31
),
stale_rate as (
  select
    account_id, month, 'stale exchange rate' as kind, about,
    round(sum(abs(reporting_cost) * widest_move), 2) as amount,
    format('the rate in force is up to %s days old', max(age_days)) as detail
  from aged
  group by account_id, month, about
)
select account_id, month, kind, about, amount, detail from declared where amount <> 0
union all
select account_id, month, kind, about, amount, detail from unread
union all
select account_id, month, kind, about, amount, detail from set_aside
union all
select account_id, month, kind, about, amount, detail from stale_rate
