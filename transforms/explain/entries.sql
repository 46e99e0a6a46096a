-- Every ledger entry of the charges, oldest first: when it was learnt and by which run, why, where it is
-- stated, and the price, exchange rate and answers that it rests on.
select
  charge.charge_id, charge.account_id, charge.charge_key, charge.revision, charge.entry,
  charge.reason, charge.run_id,
  to_char(charge.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as recorded_at,
  charge.resource_id, charge.meter, charge.basis, charge.charge_date,
  trim_scale(charge.quantity) as quantity,
  charge.unit,
  trim_scale(charge.unit_price::numeric) as unit_price,
  charge.price_source,
  trim_scale(charge.billed_cost::numeric) as billed_cost,
  charge.billing_currency,
  trim_scale(charge.reporting_cost::numeric) as reporting_cost,
  charge.reporting_currency,
  trim_scale(charge.exchange_rate) as exchange_rate,
  rate.exchange_rate_id,
  charge.reverses_charge_id,
  to_char(
    greatest(date_trunc('month', charge.charge_date::timestamp)::date, run.books_open_from),
    'YYYY-MM'
  ) as statement_month,
  charge.charge_date < run.books_open_from as is_correction,
  charge.source_versions
from ledger.charge
join ledger.run using (run_id)
left join lateral (
  select exchange_rate.exchange_rate_id
  from reference.exchange_rate
  where exchange_rate.base_currency = charge.billing_currency
    and exchange_rate.quote_currency = charge.reporting_currency
    and exchange_rate.valid_from <= charge.charge_date
    and exchange_rate.loaded_at <= charge.recorded_at
    and coalesce(exchange_rate.superseded_at, 'infinity') > charge.recorded_at
  order by exchange_rate.valid_from desc
  limit 1
) as rate on true
where (charge.account_id, charge.charge_key) in (
  select * from unnest(:'accounts'::text[], :'charge_keys'::text[])
)
order by charge.charge_key collate "C", charge.charge_id
