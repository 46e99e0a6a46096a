-- One row per machine that a batch of changes touches. A new observation can charge epochs from the
-- end of those charged before it (of a machine not charged before: from its creation), and takes
-- back an estimate that begins there; a machine gone may get one from its next billing instant on.
-- Either can lie before the last look, where the provider's own clock lags.
select
  change.account_id,
  change.record_key as resource_id,
  min(least(
    change.previous_seen_to,
    case change.kind
      when 'gone' then observation.next_billing_at
      else observation.uncharged_from
    end
  )) as from_at
from taken_change as change
join intermediate.int_fluence__observation as observation
  on observation.version_id = change.version_id
where change.entity = 'fluence.vm'
group by change.account_id, change.record_key
