-- For databases that 0077 reached before it had its last wording: the function is for marts.
do $$
begin
  if to_regprocedure('ledger.share_of(numeric, numeric, numeric)') is not null then
    alter function ledger.share_of(numeric, numeric, numeric) set schema mart;
  end if;
end $$;
