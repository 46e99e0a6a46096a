select account_id, provider, month, currency, value
from mart.alert_closed_month_correction
