-- Claim: a reversal takes back exactly what its charge had entered.
select
  reversal.account_id, reversal.charge_key, reversal.charge_id,
  charge.billed_cost as entered, reversal.billed_cost as reversed
from ledger.charge as reversal
join ledger.charge on charge.charge_id = reversal.reverses_charge_id
where reversal.entry = 'reversal' and (
  charge.entry <> 'charge'
  or (charge.account_id, charge.charge_key, charge.resource_id, charge.billing_currency)
    <> (reversal.account_id, reversal.charge_key, reversal.resource_id, reversal.billing_currency)
  or (
    -charge.quantity, -charge.usage_hours, -charge.gpu_hours, -charge.list_cost,
    -charge.contracted_cost, -charge.billed_cost, -charge.effective_cost,
    case -- taken back from a closed month after the reporting currency changed
      when charge.reporting_currency = reversal.reporting_currency then -charge.reporting_cost
      else reversal.reporting_cost
    end,
    -charge.uncertainty
  ) is distinct from (
    reversal.quantity, reversal.usage_hours, reversal.gpu_hours, reversal.list_cost,
    reversal.contracted_cost, reversal.billed_cost, reversal.effective_cost,
    reversal.reporting_cost, reversal.uncertainty
  )
)
