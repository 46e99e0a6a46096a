-- One row per server and UTC month: the hours we charge (on demand, committed and overflow alike)
-- beside the billable hours of the newest usage report. Unused commitment is no server's use. A
-- month is final once its report was read after its end, a server's once its release is reported; what
-- we took back since reports were last read is not.
with report as (
  select
    account_id,
    (slice || '-01')::date as month,
    max(complete_at) over (partition by account_id) as read_at,
    complete_at >= ((slice || '-01')::timestamp + interval '1 month') at time zone 'UTC' as is_whole
  from landing.watermark
  where stream = 'flexmetal.usage'
),
corrected as (
  select account_id, resource_id as server_id, month, corrected_at
  from intermediate.int_i3d__corrected_month
  where provider = 'i3d-flexmetal'
),
reported as (
  select
    account_id,
    server_id,
    usage_month as month,
    sum(billable_hours) as hours,
    bool_or(released_at is not null) as is_released,
    array_agg(version_id order by version_id) as source_versions
  from staging.stg_flexmetal__usage
  where ended_at is null
  group by account_id, server_id, usage_month
),
charged as (
  select
    charge.account_id,
    charge.resource_id as server_id,
    date_trunc('month', charge.charge_date)::date as month,
    sum(charge.quantity) as hours,
    -- Where both instants are reported, an uncertainty is about prices.
    sum(
      case when life.end_not_before is not null or life.start_not_before < life.started_at
        then coalesce(ceil(charge.uncertainty / nullif(charge.unit_price::numeric, 0)), 0)
        else 0 end
    ) as hours_uncertain
  from intermediate.known_charge as charge
  left join intermediate.int_flexmetal__life as life
    on life.account_id = charge.account_id and life.server_id = charge.resource_id
  where charge.provider = 'i3d-flexmetal'
    and charge.meter in ('server-hours', 'committed-server-hours', 'overflow-server-hours')
  group by charge.account_id, charge.resource_id, date_trunc('month', charge.charge_date)
)
select
  account_id,
  'i3d-flexmetal' as provider,
  month,
  'usage report' as source,
  server_id as line,
  'hours' as measure,
  'Hours' as unit,
  charged.hours as ours,
  reported.hours as theirs,
  coalesce(charged.hours_uncertain, 0) as uncertainty,
  0::numeric as rounding,
  0::numeric as tax,
  charged.hours - reported.hours as quantity_difference,
  (coalesce(report.is_whole, false) or coalesce(reported.is_released, false))
    and coalesce(report.read_at >= corrected.corrected_at, true) as is_final,
  true as is_proof,
  null::text as note,
  coalesce(reported.source_versions, '{}') as source_versions
from charged
full join reported using (account_id, server_id, month)
left join report using (account_id, month)
left join corrected using (account_id, server_id, month)
