-- One reversal per standing entry that differs: every additive figure negated, the rest equal. What a
-- closed month states in another reporting currency is taken back, in the open month, in today's.
insert into ledger.charge (
  run_id, recorded_at, account_id, provider, charge_key, revision, entry, reverses_charge_id,
  reason, resource_id, meter, sku, region_id, charge_date, charge_period_start, charge_period_end,
  day_rule, charge_category, pricing_category, commitment_id, commitment_status, quantity, unit,
  usage_hours, gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost,
  effective_cost, billing_currency, reporting_cost, reporting_currency, exchange_rate, basis,
  uncertainty, source_versions
)
select
  :'run_id', :'now', standing.account_id, standing.provider, standing.charge_key,
  standing.revision, 'reversal', standing.charge_id, difference.reason, standing.resource_id,
  standing.meter, standing.sku, standing.region_id, standing.charge_date,
  standing.charge_period_start, standing.charge_period_end, standing.day_rule,
  standing.charge_category, standing.pricing_category, standing.commitment_id,
  standing.commitment_status, -standing.quantity, standing.unit, -standing.usage_hours,
  -standing.gpu_hours, standing.unit_price, standing.price_source, -standing.list_cost,
  -standing.contracted_cost, -standing.billed_cost, -standing.effective_cost,
  standing.billing_currency, -round(standing.billed_cost * rate.exchange_rate, 9),
  rate.reporting_currency, rate.exchange_rate, standing.basis, -standing.uncertainty, standing.source_versions
from difference
join ledger.charge as standing on standing.charge_id = difference.standing_charge_id
cross join lateral (
  select standing.reporting_currency, standing.exchange_rate
  where standing.reporting_currency = :'reporting_currency' or difference.is_stated_open
  union all
  select
    :'reporting_currency',
    case
      when standing.billing_currency = :'reporting_currency' then 1
      else (
        select known.rate
        from reference.exchange_rate as known
        where known.base_currency = standing.billing_currency
          and known.quote_currency = :'reporting_currency' and known.superseded_at is null
          and known.valid_from <= standing.charge_date
        order by known.valid_from desc
        limit 1
      )
    end
  where standing.reporting_currency <> :'reporting_currency' and not difference.is_stated_open
) as rate
order by standing.charge_id
