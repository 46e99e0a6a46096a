-- One row per amount of a credit note that is booked. A note that takes hours off an invoice which
-- we never counted (a corrected usage, an over-billing) must not be taken off twice, and nothing in
-- it tells it from one that gives money back. So per account, month and currency: as much as our
-- charges exceed what invoices less credit notes state is left to be credited. Notes are booked
-- whole: first those that fit into it, largest first, then those of which more than half does. What
-- our charges may be wrong by can turn that: such a note is in doubt by its amount, and a row of 0 when
-- it is not booked. So is one of an account whose currency has other units than hundredths, where its
-- invoices state many times what we charge: then they may be in hundredths all the same.
-- Unlike others this query reads what the products before it expect (`product_charge`), beside what the ledger
-- holds of resources that are not in scope.
with recursive amount as (
  select note.*
  from intermediate.int_i3d_credit__note as note
  where (note.account_id, note.month, note.currency) in (
    select touched.account_id, touched.month, touched.currency
    from scope
    join intermediate.int_i3d_credit__note as touched using (account_id, resource_id)
  )
),
note as (
  select
    account_id, month, currency, invoice_id,
    sum(amount) as amount,
    0.5 * reference.minor_unit(currency) * count(*) as rounding,
    row_number() over (
      partition by account_id, month, currency order by sum(amount) desc, invoice_id collate "C"
    )::integer as place,
    count(*) over (partition by account_id, month, currency)::integer as notes
  from amount
  group by account_id, month, currency, invoice_id
),
credited_month as (
  select distinct account_id, month, currency from amount
),
charged as (
  select month.account_id, month.month, month.currency, known.billed_cost, known.uncertainty
  from credited_month as month
  join intermediate.known_charge as known
    on known.account_id = month.account_id and known.billing_currency = month.currency
    and known.charge_date >= month.month and known.charge_date < month.month + interval '1 month'
  left join scope
    on scope.account_id = known.account_id and scope.resource_id = known.resource_id
    and scope.from_date <= known.charge_date
  where known.provider in ('i3d-flexvm', 'i3d-flexmetal') and known.meter <> 'credit-note'
    and scope.resource_id is null
  union all
  select month.account_id, month.month, month.currency, expected.billed_cost, expected.uncertainty
  from credited_month as month
  join product_charge as expected
    on expected.account_id = month.account_id and expected.billing_currency = month.currency
    and expected.charge_date >= month.month and expected.charge_date < month.month + interval '1 month'
  where expected.provider in ('i3d-flexvm', 'i3d-flexmetal')
),
stated as (
  select month.account_id, month.month, month.currency, sum(amount.amount) as amount
  from credited_month as month
  join intermediate.int_i3d__invoice_amount as amount using (account_id, month, currency)
  group by month.account_id, month.month, month.currency
),
excess as (
  select stated.account_id, stated.month, stated.currency,
    coalesce(ours.amount, 0) - stated.amount as amount,
    coalesce(ours.uncertainty, 0) as uncertainty,
    reference.minor_unit(stated.currency) <> 0.01
      and abs(stated.amount) > 5 * coalesce(ours.amount, 0) as is_unit_doubtful
  from stated
  left join (
    select account_id, month, currency, sum(billed_cost) as amount, sum(uncertainty) as uncertainty
    from charged
    group by account_id, month, currency
  ) as ours using (account_id, month, currency)
),
-- Each note is looked at twice: at the step of its place, and again after all others.
decided as (
  select
    account_id, month, currency, uncertainty, is_unit_doubtful,
    0 as step, amount as left_over, '{}'::integer[] as booked
  from excess
  union all
  select
    decided.account_id, decided.month, decided.currency, decided.uncertainty,
    decided.is_unit_doubtful, decided.step + 1,
    decided.left_over - case when is_booked then note.amount else 0 end,
    case when is_booked then decided.booked || note.place else decided.booked end
  from decided
  join note using (account_id, month, currency)
  cross join lateral (
    select case
      when decided.step < note.notes then note.amount <= decided.left_over + note.rounding
      else note.amount < 2 * decided.left_over and note.place <> all (decided.booked)
    end as is_booked
  ) as verdict
  where decided.step < 2 * note.notes and note.place = decided.step % note.notes + 1
),
credit as (
  select
    amount.*,
    case when is_booked then 1 else 0 end as credits,
    case when is_booked then -round(amount.amount, 9) else 0 end as credited,
    case when is_doubtful then abs(round(amount.amount, 9)) else 0 end as uncertainty
  from decided
  join note using (account_id, month, currency)
  join amount using (account_id, month, currency, invoice_id)
  join scope using (account_id, resource_id)
  cross join lateral (select note.place = any (decided.booked) as is_booked) as verdict
  cross join lateral (
    select case
      when is_booked
        then note.amount >= 2 * (decided.left_over + note.amount - decided.uncertainty)
      else note.amount < 2 * (decided.left_over + decided.uncertainty)
    end and decided.uncertainty > 0 or decided.is_unit_doubtful as is_doubtful
  ) as doubt
  where decided.step = 2 * note.notes and (is_booked or is_doubtful)
    and coalesce(amount.created_at <= :'now'::timestamptz, true)
    and amount.credit_date >= scope.from_date
)
select
  account_id,
  provider,
  concat_ws('/', 'i3d_credit', invoice_id, line_name) as charge_key,
  resource_id,
  'credit-note' as meter,
  null::text as sku,
  null::text as region_id,
  credit_date as charge_date,
  credit_date::timestamp at time zone 'UTC' as charge_period_start,
  (credit_date + 1)::timestamp at time zone 'UTC' as charge_period_end,
  'start' as day_rule,
  case when amount > 0 then 'Credit' else 'Adjustment' end as charge_category,
  'Standard' as pricing_category,
  null::text as commitment_id,
  null::text as commitment_status,
  credits::numeric as quantity,
  'Credits' as unit,
  null::numeric as usage_hours,
  null::numeric as gpu_hours,
  credited as unit_price,
  'api:' || source_version as price_source,
  0::numeric as list_cost,
  credited as contracted_cost,
  credited as billed_cost,
  credited as effective_cost,
  currency as billing_currency,
  'billed' as basis,
  uncertainty,
  array[source_version] as source_versions,
  true as is_settled
from credit
