-- How many whole days a new resource is charged for within some days after the one it arrived on, if
-- it lived to see the first of them: one row per life group and number of days.
create temporary table survival_of_new on commit drop as
select
  life_group, age_days as days,
  sum(part) over (partition by life_group order by age_days)
    / max(case when age_days = 1 then alive_part end) over (partition by life_group) as charged_days
from life_curve
where age_days >= 1 and age_days <= 31
