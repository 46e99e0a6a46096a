-- One row: how many hours ago, by the database server's own clock, the warehouse last took time into
-- account; where that instant is in the future, how far, since nothing earlier is accepted until then.
-- All other alerts are judged at that instant, so only this one tells that it is wrong.
select
  case when clock_at > now() + interval '5 minutes' then 'transform dated in the future'
    else 'transform' end as step,
  trunc(abs(extract(epoch from now() - clock_at)) / 3600, 3) as value
from mart.rpt_clock
