-- i3D bills begun hours: blocks of 3600 s counted from a machine's start, and anew from each UTC
-- month's start.
create function ledger.hour_blocks(
  started_at timestamptz, stop_at timestamptz, from_at timestamptz
) returns table (block_number integer, block_start timestamptz)
language sql immutable parallel safe
as $$
  select number, anchor_at + make_interval(hours => number)
  from generate_series(
    date_trunc('month', greatest($1, $3) at time zone 'UTC'), $2 at time zone 'UTC',
    interval '1 month'
  ) as month_start
  cross join lateral (
    select
      greatest($1, month_start at time zone 'UTC') as anchor_at,
      least($2, (month_start + interval '1 month') at time zone 'UTC') as month_stop_at
  ) as month
  cross join lateral generate_series(
    ceil(extract(epoch from greatest($1, $3, anchor_at) - anchor_at) / 3600)::integer,
    ceil(extract(epoch from month_stop_at - anchor_at) / 3600)::integer - 1
  ) as number
$$;
comment on function ledger.hour_blocks(timestamptz, timestamptz, timestamptz) is
  'The hour blocks of a machine that have begun before stop_at, from from_at on: number in the UTC month, and start.';
