-- One row: the instant at which budgets are judged, and until when the warehouse has taken time into
-- account. In the mart the two are the same; a command judges at its own clock, a replay in the past.
select clock_at as judged_at, clock_at as known_at from mart.transform_state
