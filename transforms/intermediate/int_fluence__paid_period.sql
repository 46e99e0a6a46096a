-- One row per epoch that the growth of a machine's counter paid for. Boundaries step back from the
-- next billing instant, 24 hours each, to where the charges known before end; of a machine not
-- charged before, the first epoch runs from its creation to the first boundary after it. Growth in
-- which no epoch began is an adjustment, from the observation to the end of the running epoch.
--
-- The amount is explained when the present price holds throughout, or when the price changed once
-- since the former observation: so many epochs at the former price, the others at the present one.
-- Otherwise the epochs share it evenly, and the last one has the remainder.
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
    ) as is_explained
  from explained
)
select
  checked.account_id,
  checked.resource_id,
  checked.version_id,
  checked.former_version_id,

  checked.sku,
  checked.region_id,
  checked.currency,
  checked.is_uncharged_before,
  checked.is_adjustment,

  checked.gpu_count,
  case
    when checked.is_explained and step.number <= checked.periods_at_former_price
      then checked.former_price_per_epoch
    when checked.is_explained then checked.price_per_epoch
    when step.number < checked.periods then checked.even_share
    else checked.amount - checked.even_share * (checked.periods - 1)
  end as amount,

  case
    when checked.is_adjustment then checked.seen_from
    when step.number = 1 then checked.uncharged_from
    else checked.next_billing_at - (checked.periods - step.number + 1) * interval '24 hours'
  end as period_start,
  case
    when not checked.is_adjustment
      then checked.next_billing_at - (checked.periods - step.number) * interval '24 hours'
    when checked.next_billing_at > checked.seen_from
      then least(checked.next_billing_at, checked.seen_from + interval '24 hours')
    else checked.seen_from + interval '24 hours'
  end as period_end,
  checked.seen_from
from checked
cross join lateral generate_series(1, checked.periods) as step (number)
