select account_id, stream, starts_at, value
from mart.alert_missing_coverage
