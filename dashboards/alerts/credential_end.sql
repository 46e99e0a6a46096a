select account_id, ends_on, value
from mart.alert_credential_end
