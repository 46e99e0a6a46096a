-- One row, also before the first transform: how old the last transform is by the database server's own
-- clock, which no other report follows. Up to two intervals of its schedule (ten minutes each unless configured) are usual, beyond six
-- (`is_current` false) a figure of now is a figure of then.
select
  clock.clock_at,
  trunc(extract(epoch from now() - clock.clock_at) / 3600, 3) as age_hours,
  coalesce(clock.clock_at > now() - interval '1 hour', false) as is_current
from (select max(clock_at) as clock_at from mart.rpt_clock) as clock
