-- One row per scope and day from :'from' on with enough known days in the four weeks before it: what
-- the day was expected to cost, and how many plain standard deviations it is off (`z_score`, for
-- comparison).
--
-- Expected is the median of the last week, moved on by the median of the week-to-week changes (one
-- level shift is no trend), times the weekday's usual ratio to its week where weekdays clearly matter.
create temporary table anomaly_expectation on commit drop as
with past as (
  select
    target.kind, target.value, target.cost_date, target.cost as actual,
    before.cost,
    (target.cost_date - before.cost_date - 1) / 7 as weeks_ago,
    (target.cost_date - before.cost_date) % 7 as weekday
  from anomaly_series as target
  join anomaly_series as before using (kind, value)
  where target.cost_date >= :'from'::date
    and before.cost_date between target.cost_date - 28 and target.cost_date - 1
),
week as (
  select kind, value, cost_date, weeks_ago, percentile_disc(0.5) within group (order by cost) as level
  from past
  group by kind, value, cost_date, weeks_ago
),
weekday as (
  select
    past.kind, past.value, past.cost_date, past.weekday,
    coalesce(
      (
        percentile_disc(0.5) within group (order by past.cost / nullif(week.level, 0))
          + percentile_disc(0.5) within group (order by past.cost / nullif(week.level, 0) desc)
      ) / 2,
      1
    ) as ratio
  from past
  join week using (kind, value, cost_date, weeks_ago)
  group by past.kind, past.value, past.cost_date, past.weekday
),
-- Both ways of looking at it: every weekday alike, and each with its own ratio.
viewed as (
  select past.*, false as is_seasonal, 1::numeric as ratio
  from past
  union all
  select past.*, true, greatest(weekday.ratio, 0.01)
  from past
  join weekday using (kind, value, cost_date, weekday)
),
viewed_week as (
  select
    kind, value, cost_date, is_seasonal, weeks_ago, count(*) as days,
    percentile_disc(0.5) within group (order by cost / ratio) as level
  from viewed
  group by kind, value, cost_date, is_seasonal, weeks_ago
),
level as (
  select
    kind, value, cost_date, is_seasonal,
    sum(days) as days,
    min(level) filter (where weeks_ago = 0 and days >= 3) as level,
    case when count(*) = 4 then percentile_disc(0.5) within group (order by change) else 0 end as change_per_week
  from (
    select
      viewed_week.*,
      level - lead(level) over (
        partition by kind, value, cost_date, is_seasonal order by weeks_ago
      ) as change
    from viewed_week
  ) as changing
  group by kind, value, cost_date, is_seasonal
),
spread as (
  select
    viewed.kind, viewed.value, viewed.cost_date, viewed.is_seasonal,
    1.4826 * percentile_disc(0.5) within group (
      order by abs(viewed.cost - viewed.ratio * viewed_week.level)
    ) as deviation,
    avg(abs(viewed.cost - viewed.ratio * viewed_week.level)) as mean_deviation
  from viewed
  join viewed_week using (kind, value, cost_date, is_seasonal, weeks_ago)
  group by viewed.kind, viewed.value, viewed.cost_date, viewed.is_seasonal
),
-- Ratios follow noise too: weekdays must take away much of the spread to be believed in.
chosen as (
  select distinct on (kind, value, cost_date)
    spread.*, level.days, level.level, level.change_per_week
  from spread
  join level using (kind, value, cost_date, is_seasonal)
  order by
    kind, value, cost_date,
    spread.mean_deviation * case when is_seasonal then 1.6 else 1 end,
    is_seasonal
),
plain as (
  select kind, value, cost_date, actual, avg(cost) as mean, stddev_samp(cost) as deviation
  from past
  group by kind, value, cost_date, actual
)
select
  plain.kind, plain.value, plain.cost_date, plain.actual,
  -- The middle of the last week is four days ago.
  round(
    greatest(
      (chosen.level + chosen.change_per_week * 4 / 7)
        * case when chosen.is_seasonal then greatest(weekday.ratio, 0.01) else 1 end,
      0
    ),
    9
  ) as expected,
  chosen.deviation,
  (plain.actual - plain.mean) / nullif(plain.deviation, 0) as z_score
from plain
join chosen using (kind, value, cost_date)
left join weekday
  on weekday.kind = plain.kind and weekday.value = plain.value
  and weekday.cost_date = plain.cost_date and weekday.weekday = 0
where chosen.days >= 14 and chosen.level is not null
