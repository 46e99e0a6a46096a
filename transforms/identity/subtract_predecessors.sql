-- What the predecessors of an account are charged under the same key is not charged again: the rest is.
-- Theirs is what this run works out for resources in scope, and what is known of the others.
with former as (
  select
    mine.charge_key, mine.billing_currency,
    sum(theirs.quantity) as quantity,
    coalesce(sum(theirs.usage_hours), 0) as usage_hours,
    coalesce(sum(theirs.gpu_hours), 0) as gpu_hours,
    sum(theirs.list_cost) as list_cost,
    sum(theirs.contracted_cost) as contracted_cost,
    sum(theirs.billed_cost) as billed_cost,
    sum(theirs.effective_cost) as effective_cost,
    sum(theirs.uncertainty) as uncertainty
  from product_charge as mine
  join landing.account_succession as succession using (account_id)
  cross join lateral (
    -- Each by the index of its key.
    select quantity, usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost,
      effective_cost, uncertainty
    from product_charge as other
    where other.account_id = succession.predecessor_id and other.charge_key = mine.charge_key
      and other.billing_currency = mine.billing_currency
      and other.charge_date < succession.keeps_before
    union all
    select quantity, usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost,
      effective_cost, uncertainty
    from intermediate.known_charge as known
    where known.account_id = succession.predecessor_id and known.charge_key = mine.charge_key
      and known.billing_currency = mine.billing_currency
      and known.charge_date < succession.keeps_before
      and not exists (
        select from scope
        where scope.account_id = known.account_id and scope.resource_id = known.resource_id
          and scope.from_date <= known.charge_date
      )
    offset 0
  ) as theirs
  where mine.account_id = :'account_id'
  group by mine.charge_key, mine.billing_currency
)
update product_charge as charge set
  quantity = charge.quantity - former.quantity,
  usage_hours = charge.usage_hours - former.usage_hours,
  gpu_hours = charge.gpu_hours - former.gpu_hours,
  list_cost = charge.list_cost - former.list_cost,
  contracted_cost = charge.contracted_cost - former.contracted_cost,
  billed_cost = charge.billed_cost - former.billed_cost,
  effective_cost = charge.effective_cost - former.effective_cost,
  uncertainty = greatest(charge.uncertainty - former.uncertainty, 0)
from former
where charge.account_id = :'account_id' and charge.charge_key = former.charge_key
  and charge.billing_currency = former.billing_currency
