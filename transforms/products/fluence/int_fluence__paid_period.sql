-- One row per epoch that the growth of a machine's counter paid for. Boundaries step back from the
-- next billing instant, 24 hours each, to where the charges known before end; of a machine not
-- charged before, the first epoch runs from its creation to the first boundary after it. Growth in
-- which no epoch began is an adjustment, from the observation to the end of the running epoch.
--
-- The amount is explained when the present price holds throughout, or when so many epochs at the
-- former price and the others at the present one add up to it; in which order is then assumed.
-- Otherwise the epochs share it in proportion to the price that was shown nearest to their beginning,
-- by differences of the rounded cumulative amount, so that the sum stays exact.
--
-- What a share can be wrong by follows from the prices shown: when no epoch was cheaper than the
-- cheapest, one may have cost all that the others then leave; when none was more expensive than the
-- most expensive, one may have cost as little as the others then leave. Growth by less than the
-- cheaper price of the epochs since a former look may be that of a counter that started again unseen:
-- each epoch can then have cost the more expensive price.
--
-- Windows are parted by all that callers ask for, or each machine's question would work out all others.
with counted as (
  select
    growth.*,
    epochs = 0 as is_adjustment,
    greatest(epochs, 1) as periods,
    least(price_per_epoch, former_price_per_epoch) as lowest_price,
    greatest(price_per_epoch, former_price_per_epoch) as highest_price
  from intermediate.int_fluence__growth as growth
),
explained as (
  select
    counted.*,
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
    not is_uncharged_before and amount < epochs * lowest_price as is_short,
    least(lowest_price, greatest(0, amount - (periods - 1) * highest_price)) as epoch_at_least,
    greatest(highest_price, amount - (periods - 1) * lowest_price) as epoch_at_most
  from explained
),
stepped as (
  select
    checked.*,
    step.number,
    next_billing_at - (periods - step.number + 1) * interval '24 hours' as boundary_before,
    next_billing_at - (periods - step.number) * interval '24 hours' as boundary_after
  from checked
  cross join lateral generate_series(1, periods) as step (number)
),
weighted as (
  select
    stepped.*,
    case
      when highest_price = 0 then 1 -- growth at no price: evenly
      when is_explained and number <= periods_at_former_price then former_price_per_epoch
      when is_explained or former_price_per_epoch is null then price_per_epoch
      when boundary_before - former_seen_at <= seen_from - boundary_before
        then former_price_per_epoch
      else price_per_epoch
    end as weight
  from stepped
),
accumulated as (
  select
    weighted.*,
    sum(weight) over up_to_this as weight_through,
    sum(weight) over (partition by account_id, resource_id, seen_from, version_id) as weight_of_all
  from weighted
  window up_to_this as (partition by account_id, resource_id, seen_from, version_id order by number)
),
-- A price of 0 shown nearest to every boundary leaves nothing to weigh by: then by their number.
cumulated as (
  select
    accumulated.*,
    case
      when weight_of_all = 0 then trunc(amount * number / periods, 6)
      else trunc(amount * weight_through / weight_of_all, 6)
    end as amount_through
  from accumulated
),
shared as (
  select
    cumulated.*,
    amount_through
      - coalesce(lag(amount_through) over (partition by account_id, resource_id, seen_from, version_id order by number), 0)
      as epoch_amount
  from cumulated
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
  greatest(
    case
      when periods = 1 then 0 -- all of it is this epoch's
      when is_explained and periods_at_former_price in (0, periods) then 0
      when is_explained then highest_price - lowest_price
      else greatest(epoch_amount - epoch_at_least, epoch_at_most - epoch_amount)
    end,
    case when is_short then highest_price - epoch_amount else 0 end
  ) as uncertainty,

  case
    when is_adjustment then seen_from
    when number = 1 then uncharged_from
    else boundary_before
  end as period_start,
  case
    when not is_adjustment then boundary_after
    when next_billing_at > seen_from
      then least(next_billing_at, seen_from + interval '24 hours')
    else seen_from + interval '24 hours'
  end as period_end,
  seen_from
from shared
