-- Precision in days and recall in events of both methods on labelled series: one row per method and
-- kind of event, and one per method for all. An event is found when one of its days is told, in its
-- direction. Days on which a known shift settles count for nothing. The plain z-score has the same
-- floor.
with told as (
  select
    score.value, score.cost_date,
    case
      when abs(score.score) >= :'threshold'::numeric
        and abs(score.actual - score.expected) >= score.floor_cost then sign(score.score)
      else 0
    end as robust,
    case
      when abs(score.z_score) >= 3 and abs(score.actual - score.expected) >= score.floor_cost
        then sign(score.z_score)
      else 0
    end as plain
  from anomaly_score as score
),
judged as (
  select
    label.series, label.event, label.event_kind, label.is_settling, method.name as method,
    method.told,
    case when label.event_kind in ('spike', 'shift up') then 1 else -1 end as direction
  from told
  join anomaly_label as label on label.series = told.value and label.cost_date = told.cost_date
  cross join lateral (values ('robust', told.robust), ('z-score', told.plain)) as method (name, told)
),
day as (
  select
    method,
    count(*) filter (where told <> 0 and event is null and not is_settling) as days_wrong,
    count(*) filter (where told <> 0 and event is not null and told = direction) as days_right
  from judged
  group by method
),
event as (
  select method, series, event, event_kind, bool_or(told = direction) as is_found
  from judged
  where event is not null
  group by method, series, event, event_kind
),
recall as (
  select
    method, event_kind, count(*) as events, count(*) filter (where is_found) as found
  from event
  group by grouping sets ((method, event_kind), (method))
)
select
  recall.method, recall.event_kind, recall.events, recall.found,
  round(100.0 * recall.found / recall.events, 1) as recall,
  case when recall.event_kind is null then day.days_right end as days_right,
  case when recall.event_kind is null then day.days_wrong end as days_wrong,
  case when recall.event_kind is null then
    round(100.0 * day.days_right / nullif(day.days_right + day.days_wrong, 0), 1)
  end as precision
from recall
join day using (method)
order by recall.method, recall.event_kind nulls first
