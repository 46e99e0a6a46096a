-- One row per observation that the ledger could know of (made by the last transform's clock): what
-- the counter moved on by (0 where it fell: int_fluence__counter_fall has those), and what the
-- epochs that it counted since cost by the price shown (none where it started again). Its month is the UTC month in which the newest epoch
-- that it covers began.
--
-- An epoch's price is the one in force at its boundary. `price_is` sure where the looks before and
-- after it agree; new where they differ, so that either may have held; and first where no look came
-- before it.
with looked as (
  select
    observation.*,
    case
      when is_uncharged_before then greatest(uncharged_from, next_billing_at - interval '24 hours')
      else next_billing_at - interval '24 hours'
    end as newest_epoch_start,
    case when total_spent > 0 and not is_restart then epochs else 0 end as epochs_charged
  from intermediate.int_fluence__observation as observation
  join mart.transform_state as ledger on observation.seen_from <= ledger.clock_at
)
select
  account_id,
  resource_id,
  version_id,
  date_trunc('month', least(newest_epoch_start, seen_from) at time zone 'UTC')::date as month,
  currency,

  case
    when former_version_id is null then 'first'
    when former_price_per_epoch <> price_per_epoch and epochs_charged > 0 then 'new'
    else 'sure'
  end as price_is,

  greatest(0, total_spent - coalesce(former_total_spent, 0)) as counted,
  epochs_charged as epochs,
  epochs_charged * price_per_epoch as cost_by_price,
  epochs_charged * abs(price_per_epoch - former_price_per_epoch) as cost_uncertain,
  next_billing_at
from looked
