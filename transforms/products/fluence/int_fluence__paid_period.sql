-- One row per epoch that the growth of a machine's counter paid for. Boundaries step back from the
-- next billing instant, 24 hours each, to where the charges known before end; of a machine not
-- charged before, the first epoch runs from its creation to the first boundary after it. Growth in
-- which no epoch began is an adjustment, from the observation to the end of the running epoch.
--
-- The amount is explained when the present price holds throughout, or when the price changed once
-- since the former observation: so many epochs at the former price, the others at the present one.
-- Otherwise the epochs share it evenly, and the last one has the remainder. A counter that grew by
-- less than the cheaper price of the epochs since a former look may have started again unseen: each
-- epoch can then have cost the dearer price.
with counted as (
  select
    growth.*,
    epochs = 0 as is_adjustment,
    greatest(epochs, 1) as periods
  from intermediate.int_fluence__growth as growth
),
explained as (
  select
    counted.*,
    trunc(amount / periods, 6) as even_share,
    case
      when periods * price_per_epoch = amount then 0
      when former_price_per_epoch <> price_per_epoch
        then (periods * price_per_epoch - amount) / (price_per_epoch - former_price_per_epoch)
    end as periods_at_former_price
  from counted
),
checked as (
  select
    explained.*,
    coalesce(
      periods_at_former_price between 0 and periods
        and periods_at_former_price = trunc(periods_at_former_price),
      false
    ) as is_explained,
    not is_uncharged_before and amount < epochs * least(price_per_epoch, former_price_per_epoch)
      as is_short
  from explained
),
shared as (
  select
    checked.*,
    step.number,
    case
      when is_explained and step.number <= periods_at_former_price then former_price_per_epoch
      when is_explained then price_per_epoch
      when step.number < periods then even_share
      else amount - even_share * (periods - 1)
    end as epoch_amount
  from checked
  cross join lateral generate_series(1, periods) as step (number)
)
select
  account_id,
  resource_id,
  version_id,
  former_version_id,

  sku,
  region_id,
  currency,
  is_uncharged_before,
  is_adjustment,

  gpu_count,
  epoch_amount as amount,
  case
    when is_short
      then greatest(0, price_per_epoch - epoch_amount, former_price_per_epoch - epoch_amount)
    else 0
  end as uncertainty,

  case
    when is_adjustment then seen_from
    when number = 1 then uncharged_from
    else next_billing_at - (periods - number + 1) * interval '24 hours'
  end as period_start,
  case
    when not is_adjustment
      then next_billing_at - (periods - number) * interval '24 hours'
    when next_billing_at > seen_from
      then least(next_billing_at, seen_from + interval '24 hours')
    else seen_from + interval '24 hours'
  end as period_end,
  seen_from
from shared
