-- One row per transaction and month as the month's report has it now, deposits too, with the way in
-- which it moves the balance. A charge's own sign decides whether it is money spent or money back.
-- Which sign spent money has is not documented: a report's change of balance proves that charges
-- are negative (signed), that they are positive (unsigned), or that every amount has the sign of a
-- cost (reversed). Where it proves none, charges outweigh refunds, and every other kind has the
-- balance's own sign; the reconciliation shows what remains.
with month as (
  select
    part.*,
    balance.change_usd,
    sum(part.amount_usd) over of_month as signed_sum_usd,
    sum(case part.kind when 'cost' then -part.amount_usd else part.amount_usd end) over of_month
      as unsigned_sum_usd
  from intermediate.int_voltage_park__report_part as part
  left join staging.stg_voltage_park__report_balance as balance
    on balance.account_id = part.account_id and balance.slice = part.slice
    and balance.ended_at is null
  where part.ended_at is null
  window of_month as (partition by part.account_id, part.slice)
),
reading as (
  select
    month.*,
    fit.sign_evidence,
    case
      when fit.sign_evidence = 'reversed' then -1
      when month.kind <> 'cost' or fit.sign_evidence = 'signed' then 1
      when fit.sign_evidence = 'unsigned' then -1
      -- The difference is twice what the charges sum to, with their own signs.
      when month.signed_sum_usd > month.unsigned_sum_usd then -1
      else 1
    end as balance_sign
  from month
  cross join lateral (
    select case
      when abs(month.signed_sum_usd - month.change_usd) <= 0.01
        and abs(month.unsigned_sum_usd - month.change_usd) <= 0.01 then 'both'
      when abs(month.signed_sum_usd - month.change_usd) <= 0.01 then 'signed'
      when abs(month.unsigned_sum_usd - month.change_usd) <= 0.01 then 'unsigned'
      when abs(-month.signed_sum_usd - month.change_usd) <= 0.01 then 'reversed'
      else 'none'
    end as sign_evidence
  ) as fit
)
select
  reading.*,
  effect.effect_usd,
  -sign(effect.effect_usd) as direction,
  kind = 'cost' and effect.effect_usd > 0 as is_refund,
  -- What may have the other direction is wrong by up to twice its amount.
  case
    when kind = 'unclassified' then 2
    when kind = 'cost' and effect.effect_usd > 0 and sign_evidence in ('both', 'none') then 2
    else 0
  end as doubt_share
from reading
cross join lateral (select balance_sign * amount_usd as effect_usd) as effect
