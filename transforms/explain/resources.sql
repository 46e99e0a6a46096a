-- What the resources were, and whose: one row per interval that touches the days in question.
select
  resource.account_id, resource.resource_id, resource.service_name, resource.resource_type,
  resource.name, resource.status, resource.sku, resource.region_name, resource.tags,
  coalesce(resource.team, '(no team)') as team,
  resource.cost_centre, coalesce(resource.rules, '{}') as rules, resource.shared_rule,
  to_char(resource.valid_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as valid_from,
  to_char(resource.valid_to at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as valid_to,
  to_char(resource.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as started_at,
  to_char(resource.ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ended_at
from mart.resource_owner as resource
where (resource.account_id, resource.resource_id) in (
    select * from unnest(:'accounts'::text[], :'resource_ids'::text[])
  )
  and resource.valid_from < (:'last_date'::date + 1)::timestamp at time zone 'UTC'
  and coalesce(resource.valid_to, 'infinity') > :'first_date'::date::timestamp at time zone 'UTC'
order by resource.account_id collate "C", resource.resource_id collate "C", resource.valid_from
