-- One row per resource with cost in the complete days before the cut: the first and last UTC day that
-- it is charged for. Its group is what is expected to live alike. Days after the last known one of an
-- account's provider tell nothing: what is not collected does not look as if all of it had ended.
-- Neither do days before the account's first look: what had ended by then was never seen.
create temporary table resource_life on commit drop as
with looked_at as (
  select account_id, (min(expected_from) at time zone 'UTC')::date as first_date
  from landing.expectation
  group by account_id
),
account as (
  select
    owned.account_id, owned.provider,
    greatest(min(owned.cost_date), min(looked_at.first_date)) as first_date,
    max(owned.cost_date) as last_date
  from owned_history as owned
  left join looked_at using (account_id)
  where owned.cost_date < least(:'today'::date, :'cut'::date)
  group by owned.account_id, owned.provider
),
charged as (
  select
    account_id, resource_id, min(provider collate "C") as provider,
    min(provider collate "C") || '/' || min(resource_type collate "C") as life_group,
    min(cost_date) as first_date,
    max(cost_date) as last_date
  from owned_history
  where cost_date < least(:'today'::date, :'cut'::date)
  group by account_id, resource_id
),
-- A resource that is older than the history that is read has begun before it.
begun as (
  select account_id, resource_id, (min(started_at) at time zone 'UTC')::date as started_date
  from mart.dim_resource
  group by account_id, resource_id
)
select
  charged.account_id, charged.resource_id, charged.provider, charged.life_group,
  least(charged.first_date, begun.started_date) as first_date,
  greatest(charged.first_date, account.first_date) as seen_from_date,
  charged.last_date,
  account.first_date as account_first_date,
  account.last_date as account_last_date
from charged
join account using (account_id, provider)
left join begun using (account_id, resource_id)
