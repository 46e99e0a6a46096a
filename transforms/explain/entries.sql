-- Every ledger entry of the charges, oldest first: when it was learnt, why, and where it is stated.
select
  charge.charge_id, charge.charge_key, charge.revision, charge.entry, charge.reason,
  to_char(charge.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as recorded_at,
  trim_scale(charge.quantity) as quantity,
  trim_scale(charge.billed_cost::numeric) as billed_cost,
  charge.billing_currency,
  charge.reverses_charge_id,
  to_char(
    greatest(date_trunc('month', charge.charge_date::timestamp)::date, run.books_open_from),
    'YYYY-MM'
  ) as statement_month,
  charge.charge_date < run.books_open_from as is_correction
from ledger.charge
join ledger.run using (run_id)
where (charge.account_id, charge.charge_key) in (
  select * from unnest(:'accounts'::text[], :'charge_keys'::text[])
)
order by charge.charge_key collate "C", charge.charge_id
