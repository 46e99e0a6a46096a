-- Which resources a batch of landing changes touches, and from when: rows per changed charge. The resource
-- and the period are part of what names a charge: its versions agree on them.
select charge.account_id, charge.resource_id, charge.starts_at as from_at
from taken_change
join staging.stg_focus__charge as charge using (version_id)
where taken_change.entity = 'focus.charge'
