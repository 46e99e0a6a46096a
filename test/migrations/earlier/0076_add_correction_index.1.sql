-- What changed what had been stated before: few entries of a large ledger, asked for by when they came.
create index charge_corrections on ledger.charge (recorded_at)
  where reverses_charge_id is not null or revision > 1
    or charge_date < date_trunc('month', recorded_at at time zone 'UTC');
comment on index ledger.charge_corrections is
  'Besides reversals and re-entries all that came after its month was over: nothing else can be of a closed month.';
