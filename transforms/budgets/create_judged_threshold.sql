-- What the thresholds are judged to be in this run.
create temporary table judged_threshold (
  budget text, scope jsonb, period text, period_start date, period_end date, is_over boolean,
  kind text, percent numeric, threshold_cost numeric, measured_cost numeric, state text,
  is_reached boolean, is_near boolean, doubt text, amount numeric, spent_cost numeric, most_cost numeric,
  forecast_cost numeric, breaks_at timestamptz, known_at timestamptz, judged_at timestamptz,
  channels text[]
) on commit drop
