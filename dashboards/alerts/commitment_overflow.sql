select account_id, provider, sku, region, value
from mart.alert_commitment_overflow
