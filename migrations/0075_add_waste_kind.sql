-- What several detectors have in common, so that boards and reports can show their money together. The
-- next look replaces every row.
alter table mart.waste_detector add column kind text not null default 'not told yet';
alter table mart.waste_detector alter column kind drop default;
comment on column mart.waste_detector.kind is 'As the detector''s file names it: `idle commitment`.';
