-- One row per exchange rate of the reference files that was ever in force, from loaded_at until superseded_at.
select * from reference.exchange_rate
