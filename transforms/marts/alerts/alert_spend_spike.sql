-- One row per provider, team or SKU and UTC day, of the last two whole days, that cost far more than
-- expected. `value`: by how much, in the reporting currency. Days that were not looked at completely
-- are no row: mart.alert_stale_stream tells of those.
select
  anomaly.scope_kind,
  anomaly.scope_value,
  to_char(anomaly.cost_date, 'YYYY-MM-DD') as cost_date,
  anomaly.reporting_currency as currency,
  anomaly.actual_cost - anomaly.expected_cost as value
from mart.anomaly
cross join mart.rpt_clock as clock
where anomaly.direction = 'up'
  and anomaly.cost_date >= (clock.clock_at at time zone 'UTC')::date - 2
