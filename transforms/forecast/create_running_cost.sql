-- What runs, priced to the month's end: one row per resource and meter, the prices that a rate card
-- already tells for the rest of the month among it. Days that are not read yet count from the month's
-- start: those before it are no cost of this month.
create temporary table running_cost on commit drop as
with open as (
  select
    running.account_id, running.resource_id, running.meter, running.life_group,
    running.price_source, running.age_days, running.may_end, running.cost_per_hour,
    greatest(known_until, :'month'::date::timestamp at time zone 'UTC') as known_until,
    least(runs_until, :'month_end'::date::timestamp at time zone 'UTC') as until
  from running
),
changed_price as (
  select
    open.account_id, open.resource_id, open.meter,
    sum(
      extract(epoch from least(open.until, later.valid_to) - greatest(open.known_until, later.valid_from))
        / 3600 * (later.unit_price / own.unit_price - 1)
    ) as further_hours
  from open
  join reference.rate as own
    on own.rate_id = case
      when open.price_source like 'rate:%' then substr(open.price_source, 6)::bigint
    end
  join reference.rate as later
    on later.provider = own.provider and later.sku = own.sku and later.region = own.region
    and later.contract_id = own.contract_id and later.unit = own.unit
    and later.currency = own.currency
    and later.account_id is not distinct from own.account_id
    and later.superseded_at is null and later.valid_from > own.valid_from
    and later.valid_from < open.until
    and (later.valid_to > open.known_until) is not false
  where own.unit_price > 0
  group by open.account_id, open.resource_id, open.meter
)
select
  open.account_id, open.resource_id, open.meter, open.life_group, open.may_end, open.age_days,
  open.cost_per_hour,
  round(
    open.cost_per_hour * greatest(
      extract(epoch from open.until - open.known_until) / 3600
        + coalesce(changed_price.further_hours, 0),
      0
    ),
    9
  ) as cost
from open
left join changed_price using (account_id, resource_id, meter)
where open.until > open.known_until
