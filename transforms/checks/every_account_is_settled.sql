-- Claim: every account is configured, retired or renamed, and none waits as another one's double.
-- What left the configuration is charged no further than its last sync: `meterhouse account retire` or `rename`.
select
  account_id,
  coalesce(refused_because, 'left the configuration and is not retired') as defect
from landing.account
where renamed_to is null and retired_at is null
  and (refused_because is not null or (admitted_at is not null and not is_configured))
