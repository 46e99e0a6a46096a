-- One row per observation whose counter is higher than it was known to be: the amount charged
-- since, and the number of epochs begun since, which is 0 where the next billing instant did not
-- move on or lies too far ahead of the observation to be believed.
with growth as (
  select
    observation.*,
    total_spent - coalesce(former_total_spent, 0) as amount,
    extract(epoch from next_billing_at - uncharged_from) / 86400 as epoch_lengths
  from intermediate.int_fluence__observation as observation
  where total_spent > coalesce(former_total_spent, 0)
)
select
  growth.*,
  case
    when next_billing_at > seen_from + interval '2 days' then 0
    when is_uncharged_before then greatest(0, ceil(epoch_lengths)) -- the first one is cut short
    else greatest(0, round(epoch_lengths)) -- whole, but for a second or so between two boundaries
  end::integer as epochs
from growth
