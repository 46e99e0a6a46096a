-- What was recorded with a clock that was ahead, and is taken back: on record, never lost.
create table ledger.rewind (
  rewind_id bigint generated always as identity primary key,
  rewound_at timestamptz not null default clock_timestamp(),
  rewound_to timestamptz not null,
  former_clock_at timestamptz not null,
  run_id bigint not null references ledger.run,
  charges_reversed integer not null,
  charges_restored integer not null,
  versions_withdrawn integer not null,
  versions_restored integer not null,
  sweeps_withdrawn integer not null
);
comment on table ledger.rewind is
  'One row per `meterhouse rewind`: what was recorded after rewound_to was taken back.';
comment on column ledger.rewind.rewound_at is 'By the database''s own clock.';
comment on column ledger.rewind.run_id is
  'The run of its reversals and re-entries, which carry the instants of what they take back.';
create trigger rewind_append_only before update or delete on ledger.rewind
  for each row execute function ledger.refuse_change();

create table landing.withdrawn_sweep (like landing.sweep);
alter table landing.withdrawn_sweep add primary key (sweep_id);
comment on table landing.withdrawn_sweep is
  'Sweeps that a rewind took out of landing.sweep, one row each: their clock was wrong.';

-- A withdrawn payload keeps its row, so that reversed charges can be followed back to it, under an
-- entity that no view reads.
alter table landing.version drop constraint version_ended_because_check;
alter table landing.version add constraint version_ended_because_check
  check (ended_because in ('changed', 'gone', 'withdrawn'));
