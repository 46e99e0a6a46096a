-- What a run adds to or takes from the daily facts: empty until it does.
create temporary table cost_delta_daily (like mart.fct_cost_daily) on commit drop
