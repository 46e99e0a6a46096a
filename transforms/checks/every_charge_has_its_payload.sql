-- Claim: every charge can be followed back to payloads that are still on record.
select charge.account_id, charge.charge_key, source.version_id
from intermediate.known_charge as charge
cross join lateral unnest(charge.source_versions) as source (version_id)
where not exists (select from landing.version where version.version_id = source.version_id)
