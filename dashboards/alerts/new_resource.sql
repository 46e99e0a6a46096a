select account_id, provider, resource_type, resource_id, resource_name, sku, team, currency, value
from mart.alert_new_resource
