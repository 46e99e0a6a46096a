-- Waste: an OpenMetal asset was removed in the middle of a term, which is paid to its end.
-- Kind: out of use
-- Action: remove at the end of the 30-day term; until then the asset can as well be used.
-- Counted: hours after the removal in the last 30 whole UTC days, for 730 hours, while the term runs on.
select
  fact.account_id,
  'openmetal' as provider,
  fact.resource_id,
  resource.name as resource_name,
  min(fact.cost_date)::timestamp at time zone 'UTC' as since,
  round(sum(fact.reporting_cost) * 730 / 720, 9) as cost_per_month,
  format(
    '%s hours paid after its removal; its term ends on %s',
    trim_scale(sum(fact.quantity)),
    coalesce(to_char(resource.ended_at at time zone 'UTC', 'YYYY-MM-DD'), 'a day not known')
  ) as evidence
from mart.fct_cost_daily as fact
join mart.dim_resource as resource
  on resource.account_id = fact.account_id and resource.resource_id = fact.resource_id
  and resource.valid_to is null
where fact.provider = 'openmetal' and fact.meter like '%-after-removal'
  and fact.cost_date >= (:'now'::timestamptz at time zone 'UTC')::date - 30
  and fact.cost_date < (:'now'::timestamptz at time zone 'UTC')::date
  and (resource.ended_at is null or resource.ended_at > :'now'::timestamptz)
group by fact.account_id, fact.resource_id, resource.name, resource.ended_at
having sum(fact.quantity) >= 24
