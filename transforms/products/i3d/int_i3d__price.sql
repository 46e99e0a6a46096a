-- One row per account, SKU, region, contract (empty: on demand) and span of time in which one row
-- of the rate card holds. An account's own row goes before one that holds for every account; a gap
-- in the rate card is a span without a rate.
with account as (
  select distinct account_id from landing.watermark
  union
  select account_id from reference.rate where account_id is not null
),
rate as (
  select account.account_id, rate.provider, rate.sku, rate.region as region_id, rate.contract_id,
    rate.rate_id, rate.account_id is not null as is_own, rate.valid_from, rate.valid_to
  from reference.rate
  join account on rate.account_id is null or rate.account_id = account.account_id
  where rate.provider in ('i3d-flexvm', 'i3d-flexmetal') and rate.superseded_at is null
),
edge as (
  select account_id, provider, sku, region_id, contract_id, edge_at
  from rate
  cross join lateral (
    values ('-infinity'::timestamptz), (valid_from), (valid_to), ('infinity')
  ) as bound (edge_at)
  where edge_at is not null
  group by account_id, provider, sku, region_id, contract_id, edge_at
),
span as (
  select
    edge.*,
    lead(edge_at) over (
      partition by account_id, provider, sku, region_id, contract_id order by edge_at
    ) as edge_until
  from edge
)
select
  span.account_id, span.provider, span.sku, span.region_id, span.contract_id,
  in_force.rate_id,
  span.edge_at, span.edge_until
from span
left join lateral (
  select rate.rate_id
  from rate
  where rate.account_id = span.account_id and rate.provider = span.provider
    and rate.sku = span.sku and rate.region_id = span.region_id
    and rate.contract_id = span.contract_id
    and rate.valid_from <= span.edge_at
    and (rate.valid_to is null or rate.valid_to > span.edge_at)
  order by rate.is_own desc
  limit 1
) as in_force on true
where span.edge_until > span.edge_at
