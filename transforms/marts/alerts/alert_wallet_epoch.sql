-- One row per prepaid account and currency that is billed by epochs. `value`: how many epochs its
-- first machine lives on if nothing more is paid (what is paid already, and its reserve). A reserve of one
-- epoch is filled up again at each boundary: between the boundary and the sync that shows it, three hours at
-- most, it counts as the epoch that it was.
select
  account_id,
  provider,
  billing_currency as currency,
  round(
    case
      when covered_hours < epoch_hours
        and covered_until - looked_at >= (epoch_hours - 1) * interval '1 hour'
        and clock.clock_at - looked_at <= interval '3 hours'
        then 1
      else covered_hours / epoch_hours
    end,
    3
  ) as value
from mart.rpt_wallet
cross join mart.rpt_clock as clock
where covered_hours is not null and epoch_hours > 0
