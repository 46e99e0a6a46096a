-- One row: how many hours ago, by the database server's own clock, the warehouse last took time into
-- account. All other alerts are judged at that instant, so only this one tells that it stands still.
select
  'transform' as step,
  trunc(extract(epoch from now() - clock_at) / 3600, 3) as value
from mart.rpt_clock
