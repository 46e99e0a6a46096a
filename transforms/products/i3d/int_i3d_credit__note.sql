-- One row per amount of a credit note: what it takes off a month. A note that names FlexVM
-- and not FlexMetal is FlexVM's, any other FlexMetal's. It counts on the first day of the period that
-- its line states; without one on the last day of its month (int_i3d__invoice_amount).
select
  amount.account_id,
  'credit-note/' || amount.invoice_id as resource_id,
  amount.invoice_id,
  coalesce(amount.line_number::text, 'total') as line_name,
  case
    when bool_or(told.words ~* 'flexvm') over of_note
      and not bool_or(told.words ~* 'flexmetal') over of_note then 'i3d-flexvm'
    else 'i3d-flexmetal'
  end as provider,
  coalesce(listed.invoice_number, amount.invoice_id) as name,
  amount.currency,

  -amount.amount as amount,

  amount.month,
  coalesce(amount.period_from_date, (amount.month + interval '1 month')::date - 1) as credit_date,
  listed.created_at,
  amount.source_version
from intermediate.int_i3d__invoice_amount as amount
left join staging.stg_i3d__invoice as listed
  on listed.account_id = amount.account_id and listed.record_key = amount.invoice_id
  and listed.ended_at is null
cross join lateral (
  select concat_ws(' ', amount.description, listed.description) as words
) as told
where amount.is_credit_note and amount.amount <> 0
window of_note as (partition by amount.account_id, amount.invoice_id)
