select account_id, provider, currency, value
from mart.alert_wallet_epoch
