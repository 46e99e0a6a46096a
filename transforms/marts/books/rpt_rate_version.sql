-- One row per rate of the reference files that was ever in force, from loaded_at until superseded_at.
select * from reference.rate
