-- One row per stream and slice: when it was last read whole. What landing holds as current was
-- still said then, also where an unchanged answer added no row.
select
  watermark.account_id,
  watermark.stream,
  watermark.slice,
  watermark.complete_at
from landing.watermark as watermark
where watermark.stream like 'voltage\_park.%'
