-- One row: the currency in which everything can be added; null before the first charge.
select (
  select charge.reporting_currency
  from ledger.charge
  order by charge.charge_id desc
  limit 1
) as reporting_currency
