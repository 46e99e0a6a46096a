select account_id, value
from mart.alert_credential_refused
