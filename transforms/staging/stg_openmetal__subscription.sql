-- One row per version of the bill of a cloud's current term. `gross_in_cents` is what its lines
-- add up to, `net_in_cents` what is to be paid. A subscription that never began, failed or expired
-- bills nothing (`is_billing`); only an active one begins another term by itself (`is_renewing`).
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.slice as cloud_id,
  version.payload ->> 'uuid' as subscription_id,

  version.payload ->> 'state' as state,
  version.payload ->> 'plan_code' as plan_code,
  version.payload ->> 'state' not in ('future', 'failed', 'expired') as is_billing,
  version.payload ->> 'state' = 'active'
    and coalesce((version.payload ->> 'auto_renew')::boolean, true) as is_renewing,

  gross.in_cents as gross_in_cents,
  (version.payload ->> 'total_in_cents')::numeric as net_in_cents,

  (version.payload ->> 'activated_at')::timestamptz as activated_at,
  (version.payload ->> 'current_term_started_at')::timestamptz as term_starts_at,
  (version.payload ->> 'current_term_ends_at')::timestamptz as term_ends_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
left join lateral (
  select sum((addon ->> 'total_in_cents')::numeric) as in_cents
  from jsonb_array_elements(
    case jsonb_typeof(version.payload -> 'addons') when 'array' then version.payload -> 'addons' end
  ) as addon
) as gross on true
where version.entity = 'openmetal.subscription'
