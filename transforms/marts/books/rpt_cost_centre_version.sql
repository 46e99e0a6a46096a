-- One row per cost centre of the allocation file that was ever in force (loaded_at, superseded_at).
select cost_centre, parent, name, loaded_at, superseded_at
from reference.cost_centre
