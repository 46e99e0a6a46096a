-- One row per resource that is rented by the term and term that runs at the clock: when it ends,
-- what has run up in it, what it will have cost at its end if nothing is added (what is removed is
-- owed until then), and what the next one costs if everything stays (null: it does not renew). A
-- term not shown by any bill yet (`is_shown` false) is taken to run like the one before.
-- `stated_cost` is the provider's own total of the term, null where none was told.
select
  term.account_id,
  term.provider,
  term.resource_id,
  term.name as resource_name,
  term.region_id,
  coalesce(term.region_name, term.region_id) as region_name,

  term.assets,
  term.cost_so_far,
  term.discount,
  term.term_cost,
  term.stated_cost,
  term.next_term_cost,
  term.billing_currency,
  term.is_shown,
  round(extract(epoch from term.ends_at - clock.clock_at) / 86400, 3) as days_left,
  round(
    extract(epoch from clock.clock_at - term.starts_at)
      / extract(epoch from term.ends_at - term.starts_at),
    6
  ) as elapsed_share,

  term.starts_at,
  term.ends_at,
  term.next_ends_at
from intermediate.running_term as term
cross join mart.transform_state as clock
