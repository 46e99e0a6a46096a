-- One row per prepaid account and currency whose balance and burn are known. `value`: hours until it
-- is used up at the pace of what runs. An old look does not lengthen it: the balance goes on falling.
select
  account_id,
  provider,
  billing_currency as currency,
  runway_hours as value
from mart.rpt_wallet
where runway_hours is not null
