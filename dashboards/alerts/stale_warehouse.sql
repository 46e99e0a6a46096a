select step, value
from mart.alert_stale_warehouse
