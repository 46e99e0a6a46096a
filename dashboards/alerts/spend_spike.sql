select scope_kind, scope_value, cost_date, currency, value
from mart.alert_spend_spike
