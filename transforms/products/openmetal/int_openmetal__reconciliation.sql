-- One row per comparison of what we charge in a billing term with what the subscription says of
-- it: per cloud with the term's total, and with the discount where it is reported in percent; per
-- asset with its own counters, in hours and money. A term counts to the UTC month in which it ends,
-- and its total is frozen once it has ended.
--
-- A discount that makes the total dearer than its lines (an adjustment in the ledger) explains no
-- total: it is not counted as ours. Counters are reported in whole hours by the vendor's clock, so they
-- may be one hour ahead of ours or behind.
--
-- Terms are named by the UTC day on which they start, and by the subscription where two start on it.
with term_name as (
  select
    account_id, cloud_id, term_key,
    day.name || case
      when count(*) over (partition by account_id, cloud_id, day.name) > 1
        then ' (' || term_key || ')'
      else ''
    end as term_name
  from intermediate.int_openmetal__shown_term
  cross join lateral (
    select to_char(term_starts_at at time zone 'UTC', 'YYYY-MM-DD') as name
  ) as day
),
term as materialized (
  select
    shown.*,
    name.term_name,
    shown.term_ends_at <= ledger.clock_at as is_final
  from intermediate.int_openmetal__shown_term as shown
  join term_name as name using (account_id, cloud_id, term_key)
  cross join mart.transform_state as ledger
  where shown.term_starts_at <= ledger.clock_at and not shown.is_announced
),
first_life as (
  select account_id, cloud_id, resource_id, min(created_at) as created_at
  from intermediate.int_openmetal__asset_stay
  group by account_id, cloud_id, resource_id
),
-- Assets that came after the last look in a term are not in the total that it showed.
charge as (
  select
    charge.*,
    coalesce(asset.created_at > term.shown_until, false) as is_unseen
  from intermediate.int_openmetal__term_charge as charge
  join term using (account_id, cloud_id, term_key)
  left join first_life as asset using (account_id, cloud_id, resource_id)
),
charged as (
  select
    account_id, cloud_id, term_key,
    sum(billed_cost) filter (where charge_category <> 'Adjustment' and not is_unseen) as cost,
    sum(quantity) filter (where charge_category = 'Usage' and not is_unseen) as hours,
    sum(billed_cost) filter (where is_unseen) as unseen_cost,
    sum(billed_cost) filter (where charge_category = 'Credit') as discount,
    sum(billed_cost) filter (where charge_category = 'Adjustment') as surcharge,
    coalesce(sum(uncertainty) filter (where not is_unseen), 0) as uncertainty
  from charge
  group by account_id, cloud_id, term_key
),
compared_term as (
  select
    term.*, charged.cost, charged.hours, charged.unseen_cost,
    coalesce(charged.uncertainty, 0) as uncertainty,
    coalesce(charged.discount, 0) as discount,
    charged.surcharge,
    term.cloud_id || ' term of ' || term.term_name as line
  from term
  left join charged using (account_id, cloud_id, term_key)
),
by_total as (
  select
    account_id, term_ends_at, 'term total' as source, line, 'money' as measure, 'USD' as unit,
    cost as ours,
    total_in_cents * 0.01 as theirs,
    uncertainty,
    0::numeric as rounding,
    hours - usage_hours as quantity_difference,
    is_final,
    case
      when not is_final then 'The term still runs, and its total is that of the whole term.'
      when surcharge is not null then 'Their total is above the sum of its own lines.'
      when is_net_assumed then 'Their total does not have the discounts that the bill states.'
    end as note,
    version_id
  from compared_term
),
unseen as (
  select
    account_id, term_ends_at, 'term total', line || ' after the last look', 'money', 'USD',
    unseen_cost,
    null::numeric,
    0::numeric,
    0::numeric,
    null::numeric,
    false,
    'These assets came after the last look in the term.',
    version_id
  from compared_term
  where unseen_cost is not null
),
by_stated_discount as (
  select
    account_id, term_ends_at, 'stated discount', line, 'money', 'USD',
    discount,
    -gross_in_cents * 0.01 * stated_discount_share,
    0::numeric,
    0.01, -- the total is in whole cents
    0::numeric, -- there is no quantity that could differ
    is_final,
    null,
    version_id
  from compared_term
  where stated_discount_share is not null and is_final
),
by_counter as (
  select
    look.account_id, look.term_ends_at, 'counter',
    look.resource_id || ' of ' || look.cloud_id || ' term of ' || name.term_name,
    compared.measure, compared.unit, compared.ours, compared.theirs, 0::numeric,
    compared.rounding,
    look.our_hours - look.their_hours,
    true,
    null,
    look.version_id
  from intermediate.int_openmetal__counter_look as look
  join term_name as name using (account_id, cloud_id, term_key)
  cross join lateral (
    values
      ('hours', 'Hours', look.our_hours, look.their_hours, 1::numeric),
      ('money', 'USD', look.our_cost, look.their_cost, coalesce(look.usd_per_hour, 0))
  ) as compared (measure, unit, ours, theirs, rounding)
  where compared.theirs is not null
),
compared as (
  select * from by_total
  union all
  select * from unseen
  union all
  select * from by_stated_discount
  union all
  select * from by_counter
)
select
  account_id,
  'openmetal' as provider,
  date_trunc('month', (term_ends_at - interval '1 microsecond') at time zone 'UTC')::date as month,
  source,
  line,
  measure,
  unit,
  ours,
  theirs,
  uncertainty,
  rounding,
  0::numeric as tax,
  quantity_difference,
  is_final,
  true as is_proof,
  note,
  array[version_id] as source_versions
from compared
