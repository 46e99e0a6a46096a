select base_currency, quote_currency, source, value
from mart.alert_currency_off_par
