-- How long resources of a kind go on: one row per life group and age in whole days, with the part of
-- them that is alive when the day of that age begins, and the part of that day that all are charged.
--
-- From the days at risk and the ends in them, by age; few ends are no knowledge, so each group leans
-- on all groups as if it had seen 20 more days.
create temporary table life_curve on commit drop as
with age (bucket, from_days, to_days) as (
  values (0, 0, 0), (1, 1, 1), (2, 2, 3), (3, 4, 7), (4, 8, 15), (5, 16, 31), (6, 32, 63),
    (7, 64, 100000)
),
lived as (
  select
    life.life_group,
    life.seen_from_date - life.first_date as seen_from_days,
    least(life.last_date, life.account_last_date - 1) - life.first_date as seen_to_days,
    case when life.last_date < life.account_last_date then life.last_date - life.first_date end
      as ended_days
  from resource_life as life
  where life.last_date >= life.account_first_date
),
risk as (
  select
    lived.life_group, age.bucket,
    sum(
      greatest(
        least(age.to_days, lived.seen_to_days) - greatest(age.from_days, lived.seen_from_days) + 1,
        0
      )
    )::numeric as days,
    count(*) filter (where lived.ended_days between age.from_days and age.to_days) as ends
  from lived
  cross join age
  group by lived.life_group, age.bucket
),
pooled as (
  select bucket, coalesce(sum(ends) / nullif(sum(days), 0), 0) as ends_per_day
  from risk
  group by bucket
),
daily as (
  select
    risk.life_group, day.age_days,
    least(
      (risk.ends + 20 * pooled.ends_per_day) / (risk.days + 20), 0.999
    ) as ends_per_day
  from risk
  join pooled using (bucket)
  join age using (bucket)
  cross join lateral generate_series(age.from_days, least(age.to_days, 64 + 32)) as day (age_days)
),
-- Alive when the day of that age begins.
alive as (
  select
    life_group, age_days,
    exp(
      coalesce(
        sum(ln(1 - ends_per_day)) over (
          partition by life_group order by age_days rows between unbounded preceding and 1 preceding
        ),
        0
      )
    ) as part
  from daily
),
-- On its last day it runs for a half of it.
charged as (
  select
    life_group, age_days, part as alive_part,
    (part + lead(part, 1, part) over (partition by life_group order by age_days)) / 2 as part
  from alive
)
select life_group, age_days, alive_part, part from charged
