select provider, account_id, sku, region, priced_for, currency, direction, value
from mart.alert_price_change
