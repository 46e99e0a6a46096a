-- One row per team, the most expensive first, with its cost in the reporting currency, the width of its
-- bar beside the widest (thousandths) and its part of the total; and one for all teams (team is null).
with cost as (
  select
    team,
    string_agg(
      distinct cost_centre collate "C", ', ' order by cost_centre collate "C"
    ) as cost_centres,
    sum(lines)::integer as lines,
    sum(reporting_cost) as reporting_cost
  from chargeback_team
  group by grouping sets ((team), ())
),
measured as (
  select
    cost.*,
    max(greatest(reporting_cost, 0)) filter (where team is not null) over () as widest,
    sum(reporting_cost) filter (where team is not null) over () as whole
  from cost
)
select
  team,
  coalesce(cost_centres, '') as cost_centres,
  lines,
  to_char(round(coalesce(reporting_cost, 0), 2), 'FM999,999,999,999,990.00') as reporting_cost,
  coalesce(round(1000 * greatest(reporting_cost, 0) / nullif(widest, 0)), 0)::integer as width,
  coalesce(to_char(round(100 * reporting_cost / nullif(whole, 0), 1), 'FM999,990.0'), '0.0')
    as percent
from measured
order by team is null, measured.reporting_cost desc, team collate "C"
