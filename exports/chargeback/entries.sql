-- One row per line of a journal entry that finance can post: in whole minor units of its currency, and
-- balanced there and in the functional (reporting) currency. An entry is what one issuer charges to one
-- account in one currency for the month, or for an earlier month that is corrected: expenses by ledger
-- account, cost centre, team and project, then one line for the payable or the prepaid wallet. What has
-- no ISO 4217 currency is posted in the functional one, with the asset beside it.
--
-- Minor units are shared out by largest remainder, so that the expenses add up to the rounded total.
-- Where what the issuer invoiced differs from it by one minor unit at most, a rounding line makes the
-- payable what was invoiced.
with unit as (
  select code, decimals::integer as decimals, ('1e' || decimals)::numeric as per_unit
  from jsonb_each_text(:'currencies'::jsonb) as iso (code, decimals)
),
expense_rule as (
  select
    rule ->> 'account' as ledger_account, rule ->> 'service' as service_pattern,
    rule ->> 'sku' as sku_pattern, rank
  from jsonb_array_elements(:'chart'::jsonb -> 'expense' -> 'rules')
    with ordinality as listed (rule, rank)
),
-- Lines are many, and what decides their account is not: they are added up before rules are looked for.
summed as (
  select
    provider, account_id, corrects_month, service, sku, cost_centre, team, project,
    billing_currency, reporting_currency,
    sum(billed_cost) as billed_cost,
    sum(reporting_cost) as reporting_cost
  from chargeback_line
  group by
    provider, account_id, corrects_month, service, sku, cost_centre, team, project,
    billing_currency, reporting_currency
),
cost as (
  select
    coalesce(product.issuer_name, line.provider) as issuer,
    line.account_id,
    line.corrects_month,
    coalesce(unit.code, line.reporting_currency) as currency,
    case when unit.code is null then line.billing_currency end as asset,
    coalesce(chosen.ledger_account, :'chart'::jsonb -> 'expense' ->> 'default') as ledger_account,
    line.cost_centre, line.team, line.project, line.billed_cost, line.reporting_cost
  from summed as line
  left join mart.dim_product as product on product.provider = line.provider
  left join unit on unit.code = line.billing_currency
  left join lateral (
    select ledger_account
    from expense_rule
    where (service_pattern is null or line.service like service_pattern)
      and (sku_pattern is null or line.sku like sku_pattern)
    order by rank
    limit 1
  ) as chosen on true
),
expense as (
  select
    concat_ws(E'\t', issuer, account_id, currency, coalesce(asset, ''), coalesce(corrects_month, ''))
      as entry_key,
    issuer, account_id, corrects_month, currency, asset, ledger_account, cost_centre, team, project,
    sum(case when asset is null then billed_cost else reporting_cost end) as exact,
    case when asset is not null then sum(billed_cost) end as asset_amount,
    sum(reporting_cost) as exact_functional
  from cost
  group by
    issuer, account_id, corrects_month, currency, asset, ledger_account, cost_centre, team, project
),
scaled as (
  select
    expense.*,
    unit.decimals, unit.per_unit,
    functional.decimals as functional_decimals, functional.per_unit as functional_per_unit,
    exact * unit.per_unit as minor,
    exact_functional * functional.per_unit as functional_minor,
    round(sum(exact_functional) over entry / nullif(sum(exact) over entry, 0), 9) as rate,
    round(sum(exact_functional) over entry / nullif(sum(asset_amount) over entry, 0), 9)
      as asset_rate
  from expense
  join unit on unit.code = expense.currency
  join unit as functional on functional.code = :'reporting_currency'
  where exact is not null
  window entry as (partition by entry_key)
),
ranked as (
  select
    scaled.*,
    round(sum(minor) over entry) - sum(floor(minor)) over entry as missing,
    row_number() over (
      partition by entry_key
      order by
        minor - floor(minor) desc, ledger_account collate "C", cost_centre collate "C" nulls first,
        team collate "C", project collate "C" nulls first
    ) as place,
    round(sum(functional_minor) over entry) - sum(floor(functional_minor)) over entry
      as functional_missing,
    row_number() over (
      partition by entry_key
      order by
        functional_minor - floor(functional_minor) desc nulls last, ledger_account collate "C",
        cost_centre collate "C" nulls first, team collate "C", project collate "C" nulls first
    ) as functional_place
  from scaled
  window entry as (partition by entry_key)
),
expense_line as (
  select
    ranked.*,
    round((floor(minor) + (place <= missing)::integer) / per_unit, decimals) as amount,
    round(
      (floor(functional_minor) + (functional_place <= functional_missing)::integer)
        / functional_per_unit, functional_decimals
    ) as functional_amount
  from ranked
),
invoiced as (
  select
    issuer_name, account_id, currency,
    sum(net_amount) as net_amount,
    sum(tax_amount) <> 0 as has_tax,
    count(*) filter (where not is_credit_note) = 1 as is_one,
    min(invoice_number) filter (where not is_credit_note) as invoice_number,
    min(invoice_date) filter (where not is_credit_note) as invoice_date,
    min(due_date) filter (where not is_credit_note) as due_date,
    string_agg(
      case when is_credit_note then 'credit note ' else 'invoice ' end || invoice_number, ', '
      order by is_credit_note, invoice_number collate "C"
    ) as documents
  from chargeback_invoice
  group by issuer_name, account_id, currency
),
total as (
  select
    entry_key, issuer, account_id, corrects_month, currency, asset, rate, asset_rate, decimals,
    functional_decimals, per_unit,
    sum(amount) as amount,
    sum(functional_amount) as functional_amount,
    sum(asset_amount) as asset_amount
  from expense_line
  group by
    entry_key, issuer, account_id, corrects_month, currency, asset, rate, asset_rate, decimals,
    functional_decimals, per_unit
),
entry as (
  select
    total.*,
    case when is_one then invoice_number end as invoice_number,
    case when is_one then invoice_date end as invoice_date,
    case when is_one then due_date end as due_date,
    case
      when abs(net_amount - amount) * per_unit <= 1 then round(net_amount - amount, decimals)
      else 0
    end as rounding,
    concat_ws(
      ', ',
      'Compute ' || :'month', issuer, 'account ' || total.account_id,
      'corrects ' || total.corrects_month, 'settled in ' || asset,
      case when is_one is false or documents like '%credit note%' then documents end,
      case when has_tax then 'amounts exclude VAT' end
    ) as memo,
    case
      when :'chart'::jsonb -> 'wallet' -> 'issuers' ? issuer then 'wallet' else 'payable'
    end as settlement,
    case
      when :'chart'::jsonb -> 'wallet' -> 'issuers' ? issuer
        then :'chart'::jsonb -> 'wallet' ->> 'account'
      else coalesce(
        :'chart'::jsonb -> 'payable' -> 'by_issuer' ->> issuer,
        :'chart'::jsonb -> 'payable' ->> 'default'
      )
    end as settlement_account,
    'MH-' || replace(:'month', '-', '') || '-'
      || left(encode(sha256(convert_to(entry_key, 'UTF8')), 'hex'), 6) as document_number
  from total
  left join invoiced
    on invoiced.issuer_name = total.issuer and invoiced.account_id = total.account_id
    and invoiced.currency = total.currency and total.asset is null and total.corrects_month is null
),
rounding_line as (
  select
    entry.*,
    case when currency = :'reporting_currency' then rounding
      else round(rounding * rate, functional_decimals) end as functional_rounding
  from entry
),
posting as (
  select
    entry_key, 1 as kind_order, 'expense' as kind, ledger_account, cost_centre, team, project, amount,
    functional_amount, asset_amount
  from expense_line
  union all
  select
    entry_key, 2, 'rounding', :'chart'::jsonb ->> 'rounding', null, null, null, rounding,
    functional_rounding, null
  from rounding_line
  where rounding <> 0
  union all
  select
    entry_key, 3, settlement, settlement_account, null, null, null, -(amount + rounding),
    -(functional_amount + coalesce(functional_rounding, 0)), -asset_amount
  from rounding_line
),
centre as (
  select cost_centre, name
  from mart.rpt_cost_centre_version
  where loaded_at <= :'known_at' and (superseded_at is null or superseded_at > :'known_at')
)
select
  row_number() over (order by
    entry.issuer collate "C", entry.account_id collate "C", entry.currency collate "C",
    entry.asset collate "C" nulls first, entry.corrects_month collate "C" nulls first, kind_order,
    posting.ledger_account collate "C", posting.cost_centre collate "C" nulls first,
    posting.team collate "C", posting.project collate "C" nulls first
  )::integer as entry_number,
  entry.document_number,
  row_number() over (
    partition by entry.entry_key
    order by
      kind_order, posting.ledger_account collate "C", posting.cost_centre collate "C" nulls first,
      posting.team collate "C", posting.project collate "C" nulls first
  )::integer as line_number,
  (:'to'::date - 1) as posting_date,
  :'month'::text as period,
  entry.corrects_month,
  entry.memo,
  entry.issuer,
  entry.account_id,
  entry.invoice_number,
  entry.invoice_date,
  entry.due_date,
  posting.kind,
  posting.ledger_account,
  entry.settlement_account,
  posting.cost_centre,
  centre.name as cost_centre_name,
  posting.team,
  posting.project,
  entry.currency,
  greatest(posting.amount, 0) as debit,
  greatest(-posting.amount, 0) as credit,
  posting.amount * :'sign'::integer as amount,
  entry.asset,
  posting.asset_amount * :'sign'::integer as asset_amount,
  entry.asset_rate,
  entry.rate,
  :'reporting_currency'::text as functional_currency,
  greatest(posting.functional_amount, 0) as functional_debit,
  greatest(-posting.functional_amount, 0) as functional_credit,
  posting.functional_amount * :'sign'::integer as functional_amount,
  entry.decimals,
  entry.functional_decimals
from posting
join entry on entry.entry_key = posting.entry_key
left join centre on centre.cost_centre = posting.cost_centre
where posting.amount <> 0 or coalesce(posting.functional_amount, 0) <> 0
order by entry_number
