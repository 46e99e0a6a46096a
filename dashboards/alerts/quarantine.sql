select account_id, stream, entity, value
from mart.alert_quarantine
