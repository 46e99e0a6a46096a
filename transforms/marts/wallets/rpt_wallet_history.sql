-- One row per prepaid account, currency and instant at which its balance was told anew; it holds
-- until the next row's instant.
select account_id, provider, billing_currency, balance, balance_at
from intermediate.wallet_balance
