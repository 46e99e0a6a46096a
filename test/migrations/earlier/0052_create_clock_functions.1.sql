-- The present of every report is the last instant that is worked out. As functions, since a comparison
-- with a sub-select does not reach into a union of views, and a report would read every day.
create function mart.today() returns date
language sql stable parallel safe
as $$ select (clock_at at time zone 'UTC')::date from mart.transform_state $$;
comment on function mart.today() is 'The UTC day of the last instant that is worked out.';

create function mart.this_month() returns date
language sql stable parallel safe
as $$
  select date_trunc('month', clock_at at time zone 'UTC')::date from mart.transform_state
$$;
comment on function mart.this_month() is 'The first day of its UTC month.';
