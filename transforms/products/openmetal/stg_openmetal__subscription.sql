-- One row per version of the bill of a cloud's current term. `gross_in_cents` is what its lines
-- add up to, `total_in_cents` what it says its total is, `net_in_cents` what is to be paid,
-- `usage_hours` the hours of its lines over the whole term, `stated_discount_share` the sum of its
-- discounts where each is reported in percent. Whether a total is after the discounts is not documented:
-- one that is no lower than its lines is taken to be before those in percent (`is_net_assumed`). A
-- subscription that never began or failed bills nothing (`is_billing`), nor does an expired one
-- unless it shows the lines of its last term, nor an empty one, which is how a cloud may say that it
-- has none; one that will begin says when (`is_announced`); only an active one begins another term
-- by itself (`is_renewing`).
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.slice as cloud_id,
  version.payload ->> 'uuid' as subscription_id,

  version.payload ->> 'state' as state,
  version.payload ->> 'plan_code' as plan_code,
  coalesce(version.payload ->> 'state' not in ('future', 'failed'), false)
    and (version.payload ->> 'state' <> 'expired' or line.in_cents is not null) as is_billing,
  coalesce(version.payload ->> 'state' = 'future', false) as is_announced,
  coalesce(version.payload ->> 'state' = 'active', false)
    and coalesce((version.payload ->> 'auto_renew')::boolean, true) as is_renewing,

  line.in_cents as gross_in_cents,
  total.in_cents as total_in_cents,
  case when net.is_assumed then total.in_cents - floor(line.in_cents * least(discount.share, 1))
    else total.in_cents end as net_in_cents,
  net.is_assumed as is_net_assumed,
  line.usage_hours,
  discount.share as stated_discount_share,

  (version.payload ->> 'activated_at')::timestamptz as activated_at,
  (version.payload ->> 'current_term_started_at')::timestamptz as term_starts_at,
  (version.payload ->> 'current_term_ends_at')::timestamptz as term_ends_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
left join lateral (
  select
    sum((addon ->> 'total_in_cents')::numeric) as in_cents,
    case when count(*) = count(addon ->> 'usage') then sum((addon ->> 'usage')::numeric) end
      as usage_hours
  from jsonb_array_elements(
    case jsonb_typeof(version.payload -> 'addons') when 'array' then version.payload -> 'addons' end
  ) as addon
) as line on true
left join lateral (
  select
    case
      when bool_and(
        case jsonb_typeof(element -> 'percent')
          when 'number' then (element ->> 'percent')::numeric between 0 and 100
          else false
        end
      ) then sum(
        case jsonb_typeof(element -> 'percent')
          when 'number' then (element ->> 'percent')::numeric
        end
      ) * 0.01
    end as share
  from jsonb_array_elements(
    case jsonb_typeof(version.payload -> 'discounts')
      when 'array' then version.payload -> 'discounts'
    end
  ) as element
) as discount on true
cross join lateral (
  select (version.payload ->> 'total_in_cents')::numeric as in_cents
) as total
cross join lateral (
  select coalesce(discount.share > 0 and total.in_cents = line.in_cents, false) as is_assumed
) as net
where version.entity = 'openmetal.subscription'
