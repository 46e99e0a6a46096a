-- Reports and budgets that cannot be made are kept on the record of what is set aside, too: by name, until
-- they are made again. The table is small, and only its constraint is looked at again.
alter table ledger.set_aside
  drop constraint set_aside_step_check,
  add constraint set_aside_step_check check (
    step in ('change', 'resource', 'scope', 'charge', 'movement', 'report', 'budget')
  );
comment on table ledger.set_aside is
  'One row per resource, landed change, report or budget for which SQL fails: kept as it was until that works.';
