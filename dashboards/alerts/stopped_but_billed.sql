select account_id, provider, resource_type, resource_id, resource_name, status, team, value
from mart.alert_stopped_but_billed
