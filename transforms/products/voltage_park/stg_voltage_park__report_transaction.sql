-- One row per version of one transaction's part in one UTC calendar month (the slice). Amounts
-- carry the provider's sign. The billed interval is what the linked instance and the transaction
-- have in common, since a rental is charged by a chain of transactions on one instance: null where
-- there is no instance, without end while both are open. A transaction opened only after its
-- instance ended stands for all of it. The resource is what the billing instance belongs to: a
-- machine where it is named, else the instance itself (for shared storage the volume), else the
-- transaction. It depends on nothing but the row, so that inventory learnt later never moves money
-- from one resource to another.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  coalesce(
    linked.instance ->> 'virtual_machine_id',
    linked.instance ->> 'baremetal_rental_id',
    linked.instance ->> 'storage_id',
    linked.instance ->> 'id',
    version.record_key
  ) as resource_id,
  linked.instance ->> 'id' as instance_id,

  case version.payload #>> '{details,type}'
    when 'charge' then 'cost'
    when 'baremetal_charge' then 'cost'
    when 'storage_charge' then 'cost'
    when 'payout' then 'payout'
    when 'baremetal_payout' then 'payout'
    when 'storage_payout' then 'payout'
    when 'stripe_deposit' then 'deposit'
    when 'other' then 'other'
    else 'unclassified'
  end as kind,
  case version.payload #>> '{details,type}'
    when 'charge' then
      case linked.instance ->> 'type'
        when 'virtual_machine_instance' then 'vm-hours'
        when 'storage_block_instance' then 'vm-storage-hours'
        else 'other-hours'
      end
    when 'baremetal_charge' then 'bare-metal-hours'
    when 'storage_charge' then 'storage-hours'
    when 'payout' then 'payout-hours'
    when 'baremetal_payout' then 'payout-hours'
    when 'storage_payout' then 'payout-hours'
    when 'other' then 'adjustment'
    else case jsonb_typeof(linked.instance) when 'object' then 'unclassified-hours'
      else 'adjustment' end
  end as meter,
  version.payload #>> '{details,note_public}' as note,

  (version.payload ->> 'period_amount')::numeric as amount_usd,

  (version.slice || '-01T00:00:00Z')::timestamptz as month_start_at,
  span.opened_at as created_at,
  case
    when jsonb_typeof(linked.instance) <> 'object' then null
    when span.opened_at < coalesce(span.closed_at, 'infinity')
      then greatest(span.created_at, span.opened_at)
    else coalesce(span.created_at, span.opened_at)
  end as interval_start_at,
  span.created_at as instance_started_at,
  span.closed_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (
  select version.payload #> '{details,linked_instance}' as instance
) as linked
cross join lateral (
  select
    (linked.instance ->> 'timestamp_creation')::timestamptz as created_at,
    (version.payload ->> 'timestamp_creation')::timestamptz as opened_at,
    least(
      (linked.instance ->> 'timestamp_deletion')::timestamptz,
      (version.payload ->> 'timestamp_completion')::timestamptz
    ) as closed_at
) as span
where version.entity = 'voltage_park.report_transaction'
