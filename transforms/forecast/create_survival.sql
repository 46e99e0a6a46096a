-- The part of the month's rest for which a resource of some age still runs: one row per life group and
-- age in days, 64 for all older ones.
create temporary table survival on commit drop as
select
  now.life_group, now.age_days,
  avg(later.part) / now.alive_part as rest_part
from life_curve as now
join life_curve as later
  on later.life_group = now.life_group and later.age_days >= now.age_days
  and later.age_days < now.age_days + :'days_left'::integer
where now.age_days <= 64
group by now.life_group, now.age_days, now.alive_part
