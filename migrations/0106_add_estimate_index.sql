-- A posted estimate is looked at again when its month's report is read anew. There are few among all
-- charges. Blocks writes to the ledger while it is built: seconds for a million entries.
create index charge_estimated on ledger.charge (charge_date)
  where price_source like 'estimated:%';
