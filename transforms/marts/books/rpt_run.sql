-- One row per run of the transform that posted something.
select * from ledger.run
