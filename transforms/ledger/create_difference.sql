-- What must be entered so that the ledger's current state of the scope is the settled part of what
-- is expected_charge: one row per charge key that differs.
create temporary table difference on commit drop as
-- The fences (offset 0) keep the look-ups by index: work in proportion to the scope, not to the
-- ledger.
with standing as (
  select held.*
  from scope
  cross join lateral (
    select charge.*,
      greatest(date_trunc('month', charge.charge_date::timestamp)::date, run.books_open_from)
        >= :'books_open_from'::date as is_stated_open
    from ledger.charge
    join ledger.run using (run_id)
    where charge.account_id = scope.account_id and charge.resource_id = scope.resource_id
      and charge.charge_date >= scope.from_date and charge.entry = 'charge'
      and not exists (
        select from ledger.charge as reversal
        where reversal.reverses_charge_id = charge.charge_id
      )
    offset 0
  ) as held
  union
  select held.*
  from expected_charge
  cross join lateral (
    select charge.*,
      greatest(date_trunc('month', charge.charge_date::timestamp)::date, run.books_open_from)
        >= :'books_open_from'::date as is_stated_open
    from ledger.charge
    join ledger.run using (run_id)
    where charge.account_id = expected_charge.account_id and charge.charge_key = expected_charge.charge_key
      and charge.entry = 'charge'
      and not exists (
        select from ledger.charge as reversal
        where reversal.reverses_charge_id = charge.charge_id
      )
    offset 0
  ) as held
),
settled as (
  select * from expected_charge where is_settled
),
compared as (
  select
    coalesce(settled.account_id, standing.account_id) as account_id,
    coalesce(settled.charge_key, standing.charge_key) as charge_key,
    standing.charge_id as standing_charge_id,
    standing.is_stated_open,
    settled.charge_key is not null as is_expected,
    case
      when standing.charge_id is null then coalesce(
        (
          select format('account renamed from %s', min(former.account_id collate "C"))
          from landing.account_succession as succession
          join landing.account as former
            on former.account_id = succession.predecessor_id
            and former.renamed_to = succession.account_id
          join ledger.charge as posted
            on posted.account_id = former.account_id and posted.charge_key = settled.charge_key
          where succession.account_id = settled.account_id
          having count(*) > 0
        ),
        'first entry'
      )
      when settled.charge_key is null then coalesce(
        (
          select format('account renamed to %s', account.renamed_to)
          from landing.account
          where account.account_id = standing.account_id and account.renamed_to is not null
        ),
        'withdrawn: the facts no longer support it'
      )
      when settled.basis <> standing.basis
        then format('better fact: %s instead of %s', settled.basis, standing.basis)
      when settled.resource_id <> standing.resource_id then 'belongs to another resource'
      when settled.quantity <> standing.quantity then 'quantity restated'
      when (settled.billed_cost, settled.list_cost, settled.contracted_cost, settled.effective_cost)
        <> (standing.billed_cost, standing.list_cost, standing.contracted_cost,
          standing.effective_cost) then 'price or amount restated'
      when settled.uncertainty <> standing.uncertainty then 'uncertainty restated'
      -- A closed month keeps its currency.
      when settled.reporting_currency <> standing.reporting_currency and standing.is_stated_open
        then format(
          'reporting currency %s instead of %s', settled.reporting_currency,
          standing.reporting_currency
        )
      when settled.reporting_currency = standing.reporting_currency
        and settled.reporting_cost is distinct from standing.reporting_cost
        then 'exchange rate restated'
      when (
        settled.meter, settled.sku, settled.region_id, settled.charge_period_start,
        settled.charge_period_end, settled.unit, settled.usage_hours, settled.gpu_hours,
        settled.charge_category, settled.pricing_category, settled.commitment_id,
        settled.commitment_status, settled.billing_currency, settled.day_rule
      ) is distinct from (
        standing.meter, standing.sku, standing.region_id, standing.charge_period_start,
        standing.charge_period_end, standing.unit, standing.usage_hours, standing.gpu_hours,
        standing.charge_category, standing.pricing_category, standing.commitment_id,
        standing.commitment_status, standing.billing_currency, standing.day_rule
      ) then 'description restated'
    end as reason
  from settled
  full join standing using (account_id, charge_key)
)
select * from compared where reason is not null
