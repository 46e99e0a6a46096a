-- One row per account, invoice version and customer that it names: nothing before the first invoice.
select
  version.account_id,
  'i3D.net client number' as kind,
  version.payload ->> 'clientNumber' as identity,
  version.seen_from,
  version.ended_at
from landing.version as version
where version.entity = 'i3d.invoice_detail' and version.payload ->> 'clientNumber' is not null
