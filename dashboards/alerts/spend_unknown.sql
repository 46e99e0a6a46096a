select budget, period, period_start, doubt, value
from mart.alert_spend_unknown
