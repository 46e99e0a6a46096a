select account_id, provider, sku, meter, lacking, value
from mart.alert_unpriced_usage
