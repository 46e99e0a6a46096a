-- One row per share of a charge (focus_charge_share) and owner whom the month's statement charges for it:
-- parts of the share that add up to it, and with the other charges of a resource, meter and day to what
-- the statement charges each owner for that day. Where no statement charges anyone (entries of a day that
-- cancel) the owner is null.
with owner as (
  select distinct
    account_id, resource_id, meter, billing_currency, cost_month, owner_number, owners, team,
    cost_centre, project, environment, dimensions, allocation_rule, is_share
  from focus_owner_day
),
-- Most have one owner in the month, and need no split by day.
owner_day as (
  select
    weighed.*,
    sum(weight) over upto / sum(weight) over whole as place_upto,
    (sum(weight) over upto - weight) / sum(weight) over whole as place_before
  from (
    select
      focus_owner_day.*,
      case
        when bool_or(quantity <> 0) over day then abs(quantity)
        when bool_or(billed_cost <> 0) over day then abs(billed_cost)
        else 1
      end as weight
    from focus_owner_day
    where owners > 1
    window day as (partition by account_id, resource_id, meter, billing_currency, cost_date)
  ) as weighed
  window
    whole as (partition by account_id, resource_id, meter, billing_currency, cost_date),
    upto as (
      partition by account_id, resource_id, meter, billing_currency, cost_date
      order by owner_number
    )
),
owner_amount as (
  select
    account_id, resource_id, meter, billing_currency, cost_date, owner_number, measure,
    place_before, place_upto, amount,
    sum(amount) over upto as amount_upto,
    sum(amount) over whole as amount_of_day
  from owner_day
  cross join lateral (
    values
      ('quantity', quantity),
      ('hours', usage_hours),
      ('gpu_hours', gpu_hours),
      ('billed', focus_billed),
      ('effective', focus_effective),
      ('native', billed_cost),
      ('reporting', reporting_cost),
      ('uncertainty', uncertainty)
  ) as measured (measure, amount)
  window
    whole as (partition by account_id, resource_id, meter, billing_currency, cost_date, measure),
    upto as (
      partition by account_id, resource_id, meter, billing_currency, cost_date, measure
      order by owner_number
    )
),
-- Shares of several owners, by day.
share_amount as (
  select
    share_number, account_id, resource_id, meter, billing_currency, cost_date, measure, amount,
    sum(amount) over upto as amount_upto,
    (count(*) over upto - 1)::numeric / count(*) over whole as place_before,
    (count(*) over upto)::numeric / count(*) over whole as place_upto
  from (
    select
      share.share_number, share.account_id, share.resource_id, share.meter,
      share.billing_currency, day.cost_date, measured.measure,
      mart.share_of(measured.whole, day.before, day.upto) as amount
    from focus_charge_share as share
    cross join lateral unnest(share.day_dates, share.day_befores, share.day_uptos)
      as day (cost_date, before, upto)
    cross join lateral (
      values
        ('quantity', quantity),
        ('hours', usage_hours),
        ('gpu_hours', gpu_hours),
        ('billed', focus_billed),
        ('effective', focus_effective),
        ('native', billed_cost),
        ('reporting', reporting_cost),
        ('uncertainty', uncertainty)
    ) as measured (measure, whole)
    where exists (
      select from owner
      where owner.account_id = share.account_id and owner.resource_id = share.resource_id
        and owner.meter = share.meter and owner.billing_currency = share.billing_currency
        and owner.cost_month = share.cost_month and owner.owners > 1
    )
  ) as share_day
  window
    whole as (partition by account_id, resource_id, meter, billing_currency, cost_date, measure),
    upto as (
      partition by account_id, resource_id, meter, billing_currency, cost_date, measure
      order by share_number
    )
),
-- What lies before a charge and before an owner of the day: amount of the charges × place of the owner
-- + amount of the owners × place of the charge - amount of the day × both places. At the last owner it
-- is the charges' amount, at the last charge the owners', so that differences keep both sums.
part as (
  select
    share.share_number, coalesce(owner.owner_number, 1) as owner_number, share.measure,
    sum(
      round(
        share.amount_upto * owner_place.upto + owner_place.amount_upto * share.place_upto
          - owner_place.amount_of_day * owner_place.upto * share.place_upto, 9
      ) - round(
        (share.amount_upto - share.amount) * owner_place.upto
          + owner_place.amount_upto * share.place_before
          - owner_place.amount_of_day * owner_place.upto * share.place_before, 9
      ) - round(
        share.amount_upto * owner_place.before + owner_place.amount_before * share.place_upto
          - owner_place.amount_of_day * owner_place.before * share.place_upto, 9
      ) + round(
        (share.amount_upto - share.amount) * owner_place.before
          + owner_place.amount_before * share.place_before
          - owner_place.amount_of_day * owner_place.before * share.place_before, 9
      )
    ) as amount
  from share_amount as share
  left join owner_amount as owner
    using (account_id, resource_id, meter, billing_currency, cost_date, measure)
  cross join lateral (
    select
      coalesce(owner.place_before, 0) as before,
      coalesce(owner.place_upto, 1) as upto,
      coalesce(owner.amount_upto - owner.amount, 0) as amount_before,
      coalesce(owner.amount_upto, 0) as amount_upto,
      coalesce(owner.amount_of_day, 0) as amount_of_day
  ) as owner_place
  group by 1, 2, 3
),
shared as (
  select
    share_number, owner_number,
    sum(amount) filter (where measure = 'quantity') as quantity,
    sum(amount) filter (where measure = 'hours') as hours,
    sum(amount) filter (where measure = 'gpu_hours') as gpu_hours,
    sum(amount) filter (where measure = 'billed') as billed,
    sum(amount) filter (where measure = 'effective') as effective,
    sum(amount) filter (where measure = 'native') as native,
    sum(amount) filter (where measure = 'reporting') as reporting,
    sum(amount) filter (where measure = 'uncertainty') as uncertainty
  from part
  group by share_number, owner_number
),
-- What part of the charge each owner has: the parts of a charge add up to 1.
split as (
  select
    shared.*,
    count(*) over whole > 1 as is_cut,
    round(sum(weight) over upto / sum(weight) over whole, 9)
      - round((sum(weight) over upto - weight) / sum(weight) over whole, 9) as ratio
  from (
    select
      shared.*,
      case
        when bool_or(quantity <> 0) over (partition by share_number) then abs(quantity)
        else 1
      end as weight
    from shared
  ) as shared
  window
    whole as (partition by share_number),
    upto as (partition by share_number order by owner_number)
)
select
  share.*,
  owner.team, owner.cost_centre, owner.project, owner.environment, owner.dimensions,
  owner.allocation_rule,
  coalesce(owner.is_share or split.is_cut, false) as is_allocated,
  coalesce(split.ratio, 1) as allocated_ratio,
  -- A part is null only where the whole is.
  coalesce(split.quantity, share_quantity) as own_quantity,
  coalesce(split.hours, share_hours) as own_hours,
  coalesce(split.gpu_hours, share_gpu_hours) as own_gpu_hours,
  coalesce(split.billed, share_billed) as own_billed,
  coalesce(split.effective, share_effective) as own_effective,
  coalesce(split.native, share_native) as own_native,
  coalesce(split.reporting, share_reporting) as own_reporting,
  coalesce(split.uncertainty, share_uncertainty) as own_uncertainty
from focus_charge_share as share
left join split on split.share_number = share.share_number
left join owner
  on owner.account_id = share.account_id and owner.resource_id = share.resource_id
  and owner.meter = share.meter and owner.billing_currency = share.billing_currency
  and owner.cost_month = share.cost_month
  and case
    when split.share_number is null then owner.owners = 1
    else owner.owner_number = split.owner_number
  end
