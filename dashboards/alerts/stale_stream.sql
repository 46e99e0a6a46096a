select account_id, stream, carries_charges, limit_hours, value
from mart.alert_stale_stream
