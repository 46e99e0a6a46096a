select account_id, provider, commitment, value
from mart.alert_commitment_use
