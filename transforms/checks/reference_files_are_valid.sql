-- Claim: every reference file is valid, so that what it says now is in force.
select kind, files, refused_at, defects
from reference.file_state
where refused_at is not null
