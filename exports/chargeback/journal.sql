-- One row per posting: each cost centre's (and team's) expense is debited, the provider's payable
-- account is credited with their sum, per billing currency; corrections of earlier months are
-- postings of their own. An amount below zero changes sides, so that no posting is negative.
with expense as (
  select
    billing_currency, provider, account_id, corrects_month, team, cost_centre,
    sum(billed_cost) as amount
  from chargeback_line
  group by billing_currency, provider, account_id, corrects_month, team, cost_centre
),
posting as (
  select 'expense' as side, expense.* from expense
  union all
  select 'payable', billing_currency, provider, account_id, corrects_month, null, null, -sum(amount)
  from expense
  group by billing_currency, provider, account_id, corrects_month
)
select
  :'month'::text as month,
  corrects_month,
  case side
    when 'expense' then 'expense:' || coalesce(cost_centre, '(no cost centre)')
    else 'payable:' || provider || ':' || account_id
  end as ledger_account,
  cost_centre,
  team,
  provider,
  account_id,
  billing_currency as currency,
  greatest(amount, 0) as debit,
  greatest(-amount, 0) as credit
from posting
where amount <> 0
order by
  billing_currency collate "C", provider collate "C", account_id collate "C",
  corrects_month collate "C" nulls first, side, cost_centre collate "C" nulls first,
  team collate "C"
