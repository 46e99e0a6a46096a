select account_id, provider, month, source, measure, unit, value
from mart.alert_unexplained_difference
