-- One row per prepaid account and currency that is billed by epochs. `value`: how many epochs its
-- first machine lives on if nothing more is paid (what is paid already, and its reserve).
select
  account_id,
  provider,
  billing_currency as currency,
  round(covered_hours / epoch_hours, 3) as value
from mart.rpt_wallet
where covered_hours is not null and epoch_hours > 0
