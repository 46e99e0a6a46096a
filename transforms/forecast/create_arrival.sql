-- What usually arrives: one row per resource that arrived in the last eight weeks, with what one such
-- arrival a day costs from now to the month's end, and the days in which it was one of the arrivals.
-- Weekdays count as they did, leaning on an even week as if 20 more had come evenly. A committed
-- server takes hours that are paid for anyway: it costs nothing more.
create temporary table arrival on commit drop as
with account as (
  select distinct
    account_id, provider,
    greatest(account_first_date + 1, account_last_date - 56) as from_date,
    account_last_date as to_date -- the day after an arrival must be known
  from resource_life
),
arrived as (
  select
    life.account_id, life.resource_id, life.life_group, life.first_date,
    account.to_date - account.from_date as days,
    extract(isodow from life.first_date)::integer as weekday
  from resource_life as life
  join account using (account_id, provider)
  where life.first_date >= account.from_date and life.first_date < account.to_date
    and not exists (
      select
      from intermediate.known_charge as charge
      where charge.account_id = life.account_id and charge.resource_id = life.resource_id
        and charge.charge_date between life.first_date and life.first_date + 1
        and charge.pricing_category = 'Committed'
    )
),
weekday as (
  select
    day.weekday,
    (count(arrived.resource_id) + 20 / 7.0)
      / ((select count(*) from arrived) / 7.0 + 20 / 7.0) as weight
  from generate_series(1, 7) as day (weekday)
  left join arrived using (weekday)
  group by day.weekday
),
-- The days on which more may arrive: what is left of today, and the whole ones after it.
coming as (
  select
    day.number as days_ahead,
    weekday.weight * case
      when day.number = 0 then extract(
        epoch from (:'today'::date + 1)::timestamp at time zone 'UTC' - :'now'::timestamptz
      ) / 86400
      else 1
    end as weight
  from generate_series(0, :'days_left'::integer - 1) as day (number)
  join weekday on weekday.weekday = extract(isodow from :'today'::date + day.number)
),
-- Full days that are charged after the arrival's own, for one arrival on each coming day.
stay as (
  select
    life.life_group,
    sum(coming.weight) as arrivals,
    sum(coming.weight * coalesce(later.days, 0)) as later_days
  from (select distinct life_group from arrived) as life
  cross join coming
  left join lateral (
    select survival.charged_days as days
    from survival_of_new as survival
    where survival.life_group = life.life_group
      and survival.days = :'days_left'::integer - 1 - coming.days_ahead
  ) as later on true
  group by life.life_group
),
cost as (
  select
    arrived.account_id, arrived.resource_id,
    coalesce(sum(owned.cost) filter (where owned.cost_date = arrived.first_date), 0)
      as first_day_cost,
    coalesce(sum(owned.cost) filter (where owned.cost_date = arrived.first_date + 1), 0)
      as next_day_cost
  from arrived
  join owned_history as owned using (account_id, resource_id)
  where owned.cost_date <= arrived.first_date + 1
  group by arrived.account_id, arrived.resource_id
)
select
  arrived.account_id, arrived.resource_id, arrived.first_date, arrived.days,
  cost.next_day_cost,
  (cost.first_day_cost * stay.arrivals + cost.next_day_cost * stay.later_days) / arrived.days
    as cost
from arrived
join cost using (account_id, resource_id)
join stay using (life_group)
