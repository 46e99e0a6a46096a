-- One row per team that costs were ever charged to: its name as the name of a series. Grafana colours a
-- series by its name alone, so the team's place among all teams is kept in spaces after it, which no
-- page shows: a team has one colour on all boards, whatever is filtered. No team has no place.
select
  team,
  case
    when team = '(no team)' then team
    else team || repeat(
      ' ', ((row_number() over (partition by team = '(no team)' order by team collate "C")) - 1)::integer % 10
    )
  end as series
from (select distinct chosen_team as team from mart.cost_dimension) as charged
