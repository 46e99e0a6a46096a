-- Enters what the judged thresholds have changed to, with one message per change and channel. A
-- threshold first seen in a period that is over tells nothing: it is no news. What lies between
-- the cost at least and at most changes nothing. Returns one row per change that is reported.
with judged as (
  select
    threshold.*,
    held.is_reached as was_reached,
    coalesce(held.changes, 0) as changes
  from judged_threshold as threshold
  left join notify.threshold_state as held using (budget, period_start, kind, percent)
  where threshold.state <> 'unknown' and not (threshold.kind = 'forecast' and threshold.is_over)
),
settled as (
  select
    judged.*,
    coalesce(judged.is_reached or (judged.was_reached and judged.is_near), false) as is_now_reached
  from judged
),
compared as (
  select
    settled.*,
    case
      when was_reached is null then is_now_reached and not is_over
      else is_now_reached <> was_reached
    end as is_told
  from settled
),
entered as (
  insert into notify.threshold_state as held (
    budget, period_start, kind, percent, is_reached, changes, changed_at
  )
  select budget, period_start, kind, percent, is_now_reached, changes + is_told::integer, :'now'
  from compared
  on conflict (budget, period_start, kind, percent) do update
  set is_reached = excluded.is_reached, changes = excluded.changes, changed_at = excluded.changed_at
  where held.is_reached <> excluded.is_reached
),
message as (
  select
    compared.channels,
    format(
      'budget/%s/%s/%s-%s/%s', budget, period_start, kind, trim_scale(percent), changes + 1
    ) as idempotency_key,
    jsonb_build_object(
      'event', 'budget.threshold',
      'change', case when is_now_reached then 'reached' else 'left' end,
      'budget', budget, 'scope', scope, 'period', period,
      'period_start', period_start, 'period_end', period_end,
      'kind', kind, 'percent', trim_scale(percent)::text,
      'amount', trim_scale(amount)::text, 'spent_cost', trim_scale(spent_cost)::text,
      'most_cost', trim_scale(most_cost)::text,
      'forecast_cost', trim_scale(forecast_cost)::text,
      'currency', :'reporting_currency'::text,
      'breaks_at', to_char(breaks_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'known_at', to_char(known_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    ) as payload
  from compared
  where is_told
),
queued as (
  insert into notify.outbox (idempotency_key, channel, payload, created_at, next_attempt_at)
  select message.idempotency_key, channel, message.payload, :'now', :'now'
  from message
  cross join jsonb_array_elements_text(:'channels'::jsonb) as channel
  where message.channels is null or channel = any (message.channels)
  order by message.idempotency_key collate "C", channel collate "C"
)
select idempotency_key, payload from message order by idempotency_key collate "C"
