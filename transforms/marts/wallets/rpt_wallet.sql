-- One row per prepaid account and currency: what is left of its balance and how long that lasts at
-- the pace of what runs. `balance` is what can be spent, without reserves; null where the provider
-- tells none. It goes on falling between the look and the clock. `runs_dry_at` and `runway_hours`
-- are null when nothing burns, or when balance or pace is unknown; 0 hours when it is gone. A balance that lasts
-- a century at its pace is counted as a century.
-- `covered_hours` is how long the first machine runs if nothing more is paid: what is paid already,
-- and its reserve; known where a provider bills epochs.
with paced as (
  select
    wallet.*,
    clock.clock_at,
    case
      when wallet.balance > 0 and wallet.burn_per_hour > 0 then
        wallet.looked_at
          + least(wallet.balance / wallet.burn_per_hour, 876000) * interval '1 hour'
      when wallet.burn_per_hour > 0 and wallet.balance is not null then wallet.looked_at
    end as runs_dry_at
  from intermediate.wallet as wallet
  cross join mart.transform_state as clock
  where not exists (
    select from landing.account
    where account.account_id = wallet.account_id and account.ends_at <= clock.clock_at
  )
)
select
  account_id,
  provider,
  billing_currency,

  balance,
  reserved_amount,
  round(burn_per_hour, 9) as burn_per_hour,
  resources,
  case
    when runs_dry_at <= clock_at then 0
    else round(extract(epoch from runs_dry_at - clock_at) / 3600, 3)
  end as runway_hours,
  epoch_hours,
  case
    when covered_until <= clock_at then 0
    else round(extract(epoch from covered_until - clock_at) / 3600, 3)
  end as covered_hours,

  runs_dry_at,
  covered_until,
  looked_at
from paced
