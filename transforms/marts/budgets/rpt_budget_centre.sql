-- One row per cost centre and cost centre at or below it: what a budget on `root` covers.
with recursive centre as (
  select cost_centre, parent from reference.cost_centre where superseded_at is null
),
covered (root, cost_centre) as (
  select cost_centre, cost_centre from centre
  union
  select covered.root, centre.cost_centre
  from covered
  join centre on centre.parent = covered.cost_centre
)
select root, cost_centre from covered
