-- One row per account, UTC month, SKU, region, contract (empty: on demand), currency and price:
-- what we charge at it without credit notes, as an invoice line would put it. The price is the rate card's own, by the
-- hour or by the month; hours that another billing basis pays for are on no invoice.
select
  charge.account_id,
  charge.provider,
  date_trunc('month', charge.charge_date)::date as month,
  charge.sku,
  charge.region_id,
  term.contract_id,
  charge.billing_currency as currency,
  told.unit_price,
  coalesce(told.is_monthly, false) as is_monthly,
  sum(charge.quantity * case charge.unit when 'Months' then month.hours else 1 end) as hours,
  sum(charge.billed_cost) as amount,
  sum(charge.uncertainty) as uncertainty
from intermediate.known_charge as charge
cross join lateral (
  select coalesce(split_part(charge.commitment_id, '/', 1), '') as contract_id
) as term
cross join lateral (
  select extract(epoch from start_at + interval '1 month' - start_at) / 3600 as hours
  from (select date_trunc('month', charge.charge_date::timestamp) as start_at) as begun
) as month
left join reference.rate on charge.price_source = 'rate:' || rate.rate_id
cross join lateral (
  select
    rate.unit = 'Months' as is_monthly,
    case when rate.unit = 'Months' then rate.unit_price else charge.unit_price end::numeric
      as unit_price
) as told
where charge.provider in ('i3d-flexvm', 'i3d-flexmetal')
  and charge.price_source not like 'basis:%' and charge.meter <> 'credit-note'
group by
  charge.account_id, charge.provider, date_trunc('month', charge.charge_date), charge.sku,
  charge.region_id, term.contract_id, charge.billing_currency, told.unit_price, told.is_monthly
