-- Usage without a price or an exchange rate is asked for every few minutes, and there is hardly any of
-- it. Blocks writes to the ledger while it is built: seconds for a million entries.
create index charge_unpriced on ledger.charge (charge_date)
  where price_source = 'missing' or reporting_cost is null;
