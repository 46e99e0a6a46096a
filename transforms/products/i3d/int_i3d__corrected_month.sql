-- One row per resource and UTC month of which something was taken back: when that happened last. A
-- figure of theirs that is older says nothing against ours yet.
select
  account_id,
  provider,
  resource_id,
  date_trunc('month', charge_date)::date as month,
  max(recorded_at) as corrected_at
from ledger.charge
where entry = 'reversal' and provider in ('i3d-flexvm', 'i3d-flexmetal')
group by account_id, provider, resource_id, date_trunc('month', charge_date)
