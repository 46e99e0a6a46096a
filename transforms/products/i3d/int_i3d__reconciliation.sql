-- One row per account, UTC month and kind of invoice line (SKU, region, contract, unit price,
-- currency), net of tax: what we charge beside what the lines say. What we charge goes to the line
-- that names it; of several unit prices, to the nearest, so that a price that is off shows on its
-- line. Amounts that name no SKU are held, in one row per account and month, against all that no
-- line named. A
-- credit note that we booked is on its own line's row. Each line is rounded to a minor unit (a cent). A month is final once it is invoiced, and the
-- invoices were read since we last took something of it back.
with told as (
  select
    amount.account_id, amount.month, amount.currency, amount.description, amount.quantity,
    amount.amount, amount.source_version,
    named.provider, named.sku, named.region_id, named.contract_id,
    case when named.sku is not null then amount.unit_price end as unit_price,
    nullif(credit.billed_cost, 0) as credited,
    credit.uncertainty as credit_uncertainty
  from intermediate.int_i3d__invoice_amount as amount
  left join intermediate.int_i3d__named_line as named
    on named.account_id = amount.account_id and named.invoice_id = amount.invoice_id
    and named.line_number = amount.line_number
  left join intermediate.known_charge as credit
    on amount.is_credit_note and credit.account_id = amount.account_id
    and credit.charge_key
      = concat_ws('/', 'i3d_credit', amount.invoice_id, coalesce(amount.line_number::text, 'total'))
),
line as (
  select
    account_id, month, provider, sku, region_id, contract_id, currency, unit_price,
    sum(quantity) as quantity,
    sum(amount) as amount,
    sum(credited) as credited,
    sum(credit_uncertainty) as credit_uncertainty,
    count(*) as lines,
    min(description) as description,
    array_agg(distinct source_version) as source_versions,
    row_number() over (
      order by account_id, month, provider, sku, region_id, contract_id, currency, unit_price
    ) as number
  from told
  group by account_id, month, provider, sku, region_id, contract_id, currency, unit_price
),
invoiced_month as (
  select distinct account_id, month from intermediate.int_i3d__invoice_amount
),
stale_month as (
  select corrected.account_id, corrected.month
  from intermediate.int_i3d__corrected_month as corrected
  join landing.watermark as listed
    on listed.account_id = corrected.account_id and listed.stream = 'i3d.invoices'
  group by corrected.account_id, corrected.month, listed.complete_at
  having max(corrected.corrected_at) > listed.complete_at
),
placed as (
  select charged.*, matching.number
  from intermediate.int_i3d__charged_price as charged
  left join lateral (
    select line.number
    from line
    where line.account_id = charged.account_id and line.month = charged.month
      and line.provider = charged.provider and line.sku = charged.sku
      and line.currency = charged.currency
      and (line.region_id is null or line.region_id = charged.region_id)
      and (
        line.contract_id = charged.contract_id
        or (line.contract_id = '' and line.unit_price = charged.unit_price)
      )
    order by
      line.contract_id = charged.contract_id desc,
      line.region_id is null,
      abs(line.unit_price - charged.unit_price),
      line.number
    limit 1
  ) as matching on true
),
-- What no line names goes to the account's unnamed amounts, where there are any.
settled as (
  select placed.*, coalesce(placed.number, unnamed.number) as line_number
  from placed
  left join line as unnamed
    on unnamed.account_id = placed.account_id and unnamed.month = placed.month
    and unnamed.currency = placed.currency and unnamed.sku is null
),
ours as (
  select
    line_number as number,
    sum(amount) as amount,
    sum(hours) as hours,
    sum(uncertainty) as uncertainty,
    bool_or(is_monthly) as is_monthly
  from settled
  where line_number is not null
  group by line_number
)
select
  line.account_id,
  coalesce(line.provider, 'i3d') as provider,
  line.month,
  'invoice' as source,
  case
    when line.sku is null then 'amounts that name no SKU'
    else concat_ws(' ', line.description, 'at', trim_scale(line.unit_price))
  end as line,
  'money' as measure,
  line.currency as unit,
  case when num_nonnulls(ours.amount, line.credited) > 0
    then coalesce(ours.amount, 0) + coalesce(line.credited, 0) end as ours,
  line.amount as theirs,
  coalesce(ours.uncertainty, 0) + coalesce(line.credit_uncertainty, 0) as uncertainty,
  0.5 * reference.minor_unit(line.currency) * line.lines as rounding,
  0::numeric as tax,
  case when line.sku is not null then
    ours.hours - line.quantity * case when ours.is_monthly then
      extract(epoch from line.month + interval '1 month' - line.month) / 3600 else 1 end
  end as quantity_difference,
  stale_month.month is null as is_final,
  true as is_proof,
  case when line.sku is null then
    'Held against the sum of what no line of the month names.'
  end as note,
  line.source_versions
from line
left join ours using (number)
left join stale_month using (account_id, month)
union all
select
  settled.account_id,
  settled.provider,
  settled.month,
  'invoice',
  concat_ws(' ', settled.sku || ', ' || settled.region_id, nullif(settled.contract_id, ''),
    'at', trim_scale(settled.unit_price)),
  'money',
  settled.currency,
  settled.amount,
  null,
  settled.uncertainty,
  0,
  0,
  null,
  invoiced_month.month is not null and stale_month.month is null,
  true,
  null,
  '{}'
from settled
left join invoiced_month using (account_id, month)
left join stale_month using (account_id, month)
where settled.line_number is null
