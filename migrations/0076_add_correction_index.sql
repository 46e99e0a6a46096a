-- What changed what had been stated before: few entries of a large ledger, asked for by when they came.
create index charge_corrections on ledger.charge (recorded_at)
  where reverses_charge_id is not null or revision > 1;
comment on index ledger.charge_corrections is 'Reversals and re-entries.';
create index charge_late on ledger.charge (recorded_at, charge_date)
  where charge_date < date_trunc('month', recorded_at at time zone 'UTC');
comment on index ledger.charge_late is
  'What came when its month was over: nothing else can be of a closed month.';
