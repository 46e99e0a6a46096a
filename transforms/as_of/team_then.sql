-- The teams that were in force at the instant.
select * from reference.team
where loaded_at <= :'as_of' and (superseded_at is null or superseded_at > :'as_of')
