-- One row: the last instant that is worked out, which is now for every report.
select clock_at from mart.transform_state
