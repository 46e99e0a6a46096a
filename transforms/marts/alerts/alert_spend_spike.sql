-- One row per UTC day, of the last two whole ones, that cost far more than expected: the same money stands
-- out by provider, by team and by SKU, and is one event. `value`: by how much, in the reporting currency,
-- by the kind of scope that shows most of it. Days that were not collected completely are no row:
-- mart.alert_stale_stream reports those.
with spike as (
  select
    anomaly.cost_date, anomaly.scope_kind, anomaly.reporting_currency as currency,
    anomaly.actual_cost - anomaly.expected_cost as excess,
    anomaly.scope_value
  from mart.anomaly
  cross join mart.rpt_clock as clock
  where anomaly.direction = 'up'
    and anomaly.cost_date >= (clock.clock_at at time zone 'UTC')::date - 2
),
by_kind as (
  select
    cost_date, scope_kind, currency, sum(excess) as excess,
    string_agg(scope_value, ', ' order by excess desc, scope_value collate "C") as scopes
  from spike
  group by cost_date, scope_kind, currency
),
event as (
  select
    cost_date,
    currency,
    coalesce(max(scopes) filter (where scope_kind = 'provider'), 'no single provider') as providers,
    coalesce(max(scopes) filter (where scope_kind = 'team'), 'no single team') as teams,
    coalesce(max(scopes) filter (where scope_kind = 'sku'), 'no single SKU') as skus,
    max(excess) as excess
  from by_kind
  group by cost_date, currency
)
select
  to_char(event.cost_date, 'YYYY-MM-DD') as cost_date,
  event.providers,
  event.teams,
  event.skus,
  event.currency,
  coalesce(
    round(100 * event.excess / nullif((
      select sum(daily.cost)
      from mart.rpt_cost_daily as daily
      where daily.cost_date = event.cost_date
        and daily.basis = 'billed' and daily.currency = 'reporting'
    ), 0)) || ' %',
    'an unknown share'
  ) as share_of_day,
  event.excess as value
from event
