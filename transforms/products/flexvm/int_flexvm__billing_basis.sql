-- One row per cloud and period of whole UTC months in which the reference file names what it is
-- billed by. Without a row, a cloud is billed by the hours of its virtual machines.
select
  account_id,
  cloud_id,
  basis,
  valid_from::timestamp at time zone 'UTC' as valid_from,
  coalesce(valid_to::timestamp at time zone 'UTC', 'infinity') as valid_to
from reference.billing_basis
where provider = 'i3d-flexvm' and superseded_at is null
