-- One row per invoice line whose description names exactly one SKU that we know, with the region
-- (null when it names none) and the contract (empty when it names none). "FlexVM" and "FlexMetal"
-- tell apart a SKU that both products know.
with name as (
  select account_id, provider, sku, region_id, contract_id
  from intermediate.int_i3d__price
  union
  select account_id, provider, sku, region_id, contract_id
  from intermediate.int_i3d__charged_price
),
described as (
  select
    amount.*,
    ' ' || regexp_replace(translate(description, '(),;', '    '), '[:.]+(\s|$)', ' ', 'g') || ' '
      as words
  from intermediate.int_i3d__invoice_amount as amount
  where description is not null
)
select
  line.account_id,
  line.invoice_id,
  line.line_number,
  subject.provider,
  subject.sku,
  place.region_id,
  coalesce(term.contract_id, '') as contract_id
from described as line
cross join lateral (
  select min(provider) as provider, min(sku) as sku, count(*) as found
  from (
    select distinct name.provider, name.sku
    from name
    where name.account_id = line.account_id
      and position(' ' || name.sku || ' ' in line.words) > 0
      and (line.description !~* 'flexvm' or name.provider = 'i3d-flexvm')
      and (line.description !~* 'flexmetal' or name.provider = 'i3d-flexmetal')
  ) as candidate
) as subject
left join lateral (
  select name.region_id
  from name
  where (name.account_id, name.provider, name.sku)
      = (line.account_id, subject.provider, subject.sku)
    and position(name.region_id in line.description) > 0
  order by length(name.region_id) desc
  limit 1
) as place on true
left join lateral (
  select name.contract_id
  from name
  where (name.account_id, name.provider, name.sku)
      = (line.account_id, subject.provider, subject.sku)
    and name.contract_id <> '' and position(name.contract_id in line.description) > 0
  order by length(name.contract_id) desc
  limit 1
) as term on true
where subject.found = 1
