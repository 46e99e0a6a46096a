-- One row: the instant at which the first balance is gone.
select min(runs_dry_at) as "Runs dry"
from mart.rpt_wallet
where $__filtered(provider, account)
